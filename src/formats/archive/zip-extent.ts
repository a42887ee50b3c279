import { type ByteSource, peek } from "../byte-source.js";

/** The end of the central directory: 22 bytes and a comment of at most 65,535. */
const END_RECORD = 22;
const LONGEST_COMMENT = 0xffff;

/** Where an archive lies in a file that has other bytes before or behind it. */
export interface ZipExtent {
  readonly start: number;
  readonly size: number;
}

/**
 * Finds a zip archive by its end, as Python's zipfile does: a self-extracting program before it, or what a transfer
 * added behind it, is no part of it. Null where there is none, or where its directory is not where the end says.
 */
export function zipExtent(source: ByteSource): ZipExtent | null {
  const length = Math.min(source.size, END_RECORD + LONGEST_COMMENT);
  const tail = peek(source, source.size - length, length);
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  for (let at = tail.byteLength - END_RECORD; at >= 0; at--) {
    if (view.getUint32(at, true) !== 0x06054b50) continue;
    const directory = view.getUint32(at + 12, true);
    const offset = view.getUint32(at + 16, true);
    const record = source.size - length + at;
    const start = record - directory - offset;
    if (start < 0 || offset === 0xffffffff) return null;
    const comment = view.getUint16(at + 20, true);
    const end = record + END_RECORD + comment;
    return { start, size: (end <= source.size ? end : record + END_RECORD) - start };
  }
  return null;
}
