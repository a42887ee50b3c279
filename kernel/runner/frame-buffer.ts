import { writeSync } from "node:fs";
import { encodeFrame } from "./frames.js";
import type { FromRunner } from "./messages.js";
import { WORDS } from "./shared-words.js";

/** Bytes collected before they are written in any case. */
export const BUFFER_BYTES = 64 * 1024;

/**
 * Frames on their way to a blocking descriptor, in memory that both threads of the runner share: while the main
 * thread is busy the control thread can write what it has collected. Every call is made under the Mutex.
 */
export class FrameBuffer {
  private readonly bytes: Buffer;

  constructor(
    private readonly fd: number,
    memory: SharedArrayBuffer,
    private readonly words: Int32Array,
  ) {
    this.bytes = Buffer.from(memory);
  }

  get empty(): boolean {
    return Atomics.load(this.words, WORDS.buffered) === 0;
  }

  add(frame: Buffer): void {
    if (Atomics.load(this.words, WORDS.buffered) + frame.length > this.bytes.length) this.flush();
    if (frame.length > this.bytes.length) return this.writeAll(frame);
    const at = Atomics.add(this.words, WORDS.buffered, frame.length);
    frame.copy(this.bytes, at);
  }

  /** Writes what is there; waits while the reader is behind. */
  flush(): void {
    const length = Atomics.exchange(this.words, WORDS.buffered, 0);
    this.writeAll(this.bytes.subarray(0, length));
  }

  /** At once, behind what is there. */
  send(message: FromRunner): void {
    this.add(encodeFrame(message));
    this.flush();
  }

  private writeAll(bytes: Buffer): void {
    for (let sent = 0; sent < bytes.length;) sent += writeSync(this.fd, bytes, sent);
  }
}
