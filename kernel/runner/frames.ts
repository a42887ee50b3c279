import v8 from "node:v8";
import type { FromRunner } from "./messages.js";

/*
 * A frame: byte length of what follows (4 bytes, little endian), one byte of kind, then
 *   value           a structured clone (v8.serialize)
 *   stdout, stderr  id of the cell (4 bytes), then its text as UTF-8: the common case, and three times cheaper
 */
const VALUE = 0;
const STREAMS = ["", "stdout", "stderr"] as const;

export type StreamText = Extract<FromRunner, { type: "stream" }>;

export const FRAME_LENGTH_BYTES = 4;

/** Bytes of the frame of a text. */
export function frameLength({ text }: StreamText): number {
  return 9 + Buffer.byteLength(text);
}

export function encodeFrame(message: object): Buffer {
  const stream = message as StreamText;
  if (stream.type === "stream") {
    const frame = Buffer.allocUnsafe(frameLength(stream));
    frame.writeUInt32LE(frame.length - FRAME_LENGTH_BYTES, 0);
    frame[4] = STREAMS.indexOf(stream.name);
    frame.writeUInt32LE(stream.cell, 5);
    frame.write(stream.text, 9);
    return frame;
  }
  const value = v8.serialize(message);
  const head = Buffer.allocUnsafe(5);
  head.writeUInt32LE(value.length + 1, 0);
  head[4] = VALUE;
  return Buffer.concat([head, value]);
}

/** Cuts a byte stream into messages, however the bytes arrive. */
export class FrameReader {
  private chunks: Buffer[] = [];
  private available = 0;

  constructor(private readonly onMessage: (message: object) => void) {}

  push(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.available += chunk.length;
    if (this.available < this.needed()) return;
    let bytes = this.chunks.length === 1 ? this.chunks[0]! : Buffer.concat(this.chunks);
    while (bytes.length >= 4 && bytes.length >= 4 + bytes.readUInt32LE(0)) {
      const end = 4 + bytes.readUInt32LE(0);
      this.onMessage(decodeFrame(bytes.subarray(4, end)));
      bytes = bytes.subarray(end);
    }
    this.chunks = [bytes];
    this.available = bytes.length;
  }

  /** Bytes that make the next frame whole; joining the chunks before that would be quadratic. */
  private needed(): number {
    const [first] = this.chunks;
    return first!.length < 4 ? 4 : 4 + first!.readUInt32LE(0);
  }
}

function decodeFrame(frame: Buffer): object {
  const kind = frame[0]!;
  if (kind === VALUE) return v8.deserialize(frame.subarray(1)) as object;
  const message: FromRunner = {
    type: "stream",
    cell: frame.readUInt32LE(1),
    name: STREAMS[kind] as "stdout" | "stderr",
    text: frame.toString("utf8", 5),
  };
  return message;
}
