import { readVarint } from "./varint.js";

/** Three bytes of input make at most 64 of output (a copy element); a length beyond that is a lie. */
const EXPANSION = 22;

/**
 * Decompresses one raw Snappy block (google/snappy, format_description.txt).
 * @throws RangeError when an element reaches outside the block or the declared length is not met.
 */
export function uncompressSnappy(input: Uint8Array): Uint8Array {
  const declared = readVarint(input, 0);
  const length = declared.value;
  if (length > input.length * EXPANSION + 64) {
    throw new RangeError(`a Snappy block of ${input.length} bytes declares ${length} bytes of content`);
  }
  const output = new Uint8Array(length);
  let at = declared.next;
  let done = 0;
  while (at < input.length) {
    const element = readElement(input, at);
    at = element.next;
    if (done + element.length > length)
      throw new RangeError("a Snappy element runs past the declared length");
    if (element.offset === 0) {
      if (at + element.length > input.length) throw new RangeError("a Snappy literal runs past the block");
      output.set(input.subarray(at, at + element.length), done);
      at += element.length;
    } else {
      if (element.offset > done) throw new RangeError("a Snappy copy reaches before the start of its block");
      // A copy may overlap what it writes: then it repeats, byte by byte.
      for (let i = 0; i < element.length; i++) output[done + i] = output[done + i - element.offset]!;
    }
    done += element.length;
  }
  if (done !== length) throw new RangeError(`a Snappy block ends after ${done} of ${length} bytes`);
  return output;
}

/** `offset` 0 is a literal; its bytes follow at `next`. */
interface Element {
  readonly offset: number;
  readonly length: number;
  readonly next: number;
}

function readElement(input: Uint8Array, at: number): Element {
  const tag = input[at]!;
  const kind = tag & 3;
  if (kind === 0) {
    const short = tag >> 2;
    if (short < 60) return { offset: 0, length: short + 1, next: at + 1 };
    const bytes = short - 59;
    return { offset: 0, length: littleEndian(input, at + 1, bytes) + 1, next: at + 1 + bytes };
  }
  if (kind === 1) {
    const offset = ((tag >> 5) << 8) | littleEndian(input, at + 1, 1);
    return checkedCopy(offset, ((tag >> 2) & 7) + 4, at + 2);
  }
  const bytes = kind === 2 ? 2 : 4;
  return checkedCopy(littleEndian(input, at + 1, bytes), (tag >> 2) + 1, at + 1 + bytes);
}

function checkedCopy(offset: number, length: number, next: number): Element {
  if (offset === 0) throw new RangeError("a Snappy copy has offset 0");
  return { offset, length, next };
}

function littleEndian(input: Uint8Array, at: number, bytes: number): number {
  if (at + bytes > input.length) throw new RangeError("a Snappy element is cut short");
  let value = 0;
  for (let i = bytes - 1; i >= 0; i--) value = value * 256 + input[at + i]!;
  return value;
}
