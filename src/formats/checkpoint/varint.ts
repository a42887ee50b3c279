/** A base-128 number (protobuf and LevelDB), and where the next byte stands. */
export interface Varint {
  readonly value: number;
  readonly next: number;
}

/** @throws RangeError when it is cut short, longer than ten bytes, or beyond 2^53. */
export function readVarint(bytes: Uint8Array, at: number): Varint {
  let value = 0;
  let scale = 1;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) throw new RangeError("a number is cut short");
    value += (byte & 0x7f) * scale;
    if (value > Number.MAX_SAFE_INTEGER) throw new RangeError("a number is beyond 2^53");
    if (byte < 0x80) return { value, next: at + i + 1 };
    scale *= 128;
  }
  throw new RangeError("a number is longer than ten bytes");
}
