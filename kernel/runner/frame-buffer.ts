import { writeSync } from "node:fs";
import { encodeFrame, FRAME_LENGTH_BYTES, frameLength, type StreamText } from "./frames.js";
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
  /** The frame that was added last, while it can be made longer. */
  private last: { readonly text: StreamText; readonly start: number; end: number } | null = null;

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
    this.last = null;
  }

  /** As `add` of its frame; text behind text of the same cell and stream makes that frame longer instead. */
  addText(text: StreamText): void {
    if (this.extend(text)) return;
    this.add(encodeFrame(text));
    const end = Atomics.load(this.words, WORDS.buffered);
    const start = end - frameLength(text);
    if (start >= 0) this.last = { text, start, end };
  }

  private extend({ cell, name, text }: StreamText): boolean {
    const { last, bytes } = this;
    const buffered = Atomics.load(this.words, WORDS.buffered); // 0 when the other thread has written it
    if (last?.end !== buffered || last.text.cell !== cell || last.text.name !== name) return false;
    const length = Buffer.byteLength(text);
    if (buffered + length > bytes.length) return false;
    bytes.write(text, buffered);
    last.end = buffered + length;
    bytes.writeUInt32LE(last.end - last.start - FRAME_LENGTH_BYTES, last.start);
    Atomics.store(this.words, WORDS.buffered, last.end);
    return true;
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
