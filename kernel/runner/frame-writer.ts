import type { FrameBuffer } from "./frame-buffer.js";
import { encodeFrame, type StreamText } from "./frames.js";
import type { FromRunner } from "./messages.js";
import type { Mutex } from "./mutex.js";

/** More texts than this within this time are a flood, and wait for each other; all else is written at once. */
const FLOOD_TEXTS = 20;
const FLOOD_MS = 5;

/**
 * The main thread's way to the kernel. What it writes appears at once, also while the thread goes on being busy, and
 * in order; a flood of small texts goes in few pieces. The thread waits when the reader is behind.
 */
export class FrameWriter {
  private texts = 0;
  private countedSince = 0;

  constructor(
    private readonly buffer: FrameBuffer,
    /** Held while a frame is written, so that an interrupt cannot cut it in two. */
    private readonly mutex: Mutex,
    /** Called when text begins to wait: the other thread is to write it soon, this one may be busy. */
    private readonly onWaiting: () => void,
  ) {}

  /**
   * @param onWritten what must happen if and only if the message goes out, whatever is terminated.
   * @throws Error of the system when the reader has gone.
   */
  write(message: FromRunner, onWritten?: () => void): void {
    const waits = message.type === "stream" && this.isFlood();
    const frame = waits ? null : encodeFrame(message); // may run getters of the user: not under the lock
    const first = this.mutex.hold(() => {
      const { empty } = this.buffer;
      if (frame) this.buffer.add(frame);
      else this.buffer.addText(message as StreamText);
      if (!waits) this.buffer.flush();
      onWritten?.();
      return empty && waits;
    });
    if (first) this.onWaiting();
  }

  /** Writes together with the message that comes next, which must follow at once. */
  writeWithNext(message: FromRunner): void {
    const frame = encodeFrame(message);
    this.mutex.hold(() => this.buffer.add(frame));
  }

  /** Writes text that waits: the process is about to end without another word. */
  flush(): void {
    this.mutex.hold(() => this.buffer.flush());
  }

  private isFlood(): boolean {
    const now = performance.now();
    if (now - this.countedSince > FLOOD_MS) {
      this.countedSince = now;
      this.texts = 0;
    }
    return ++this.texts > FLOOD_TEXTS;
  }
}
