import { type ByteSource, peek, startsWith } from "../byte-source.js";

/** The end of the central directory: 22 bytes and a comment of at most 65,535. */
const END_RECORD = 22;
const LONGEST_COMMENT = 0xffff;

/** Where an archive lies in a file that has other bytes before or behind it. */
export interface ZipExtent {
  readonly start: number;
  readonly size: number;
  /** Bytes of the comment, the last of `size`. */
  readonly comment: number;
}

/**
 * Finds a zip archive by its end, as Python's zipfile does: a self-extracting program before it, or what a transfer
 * added behind it, is no part of it. A comment may hold what looks like an end: the last one whose directory is where
 * it says counts. Null where there is none.
 */
export function zipExtent(source: ByteSource): ZipExtent | null {
  const length = Math.min(source.size, END_RECORD + LONGEST_COMMENT);
  const tail = peek(source, source.size - length, length);
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  for (let at = tail.byteLength - END_RECORD; at >= 0; at--) {
    if (view.getUint32(at, true) !== 0x06054b50) continue;
    const record = source.size - length + at;
    const start = record - view.getUint32(at + 12, true) - view.getUint32(at + 16, true);
    if (!isDirectory(source, start + view.getUint32(at + 16, true), record, start)) continue;
    const comment = Math.min(view.getUint16(at + 20, true), source.size - record - END_RECORD);
    return { start, size: record + END_RECORD + comment - start, comment };
  }
  return null;
}

/** Whether the list of members begins there. An archive of nothing has none, and is an end alone. */
function isDirectory(source: ByteSource, at: number, record: number, start: number): boolean {
  if (start < 0) return false;
  if (at === record) return record === 0;
  return startsWith(peek(source, at, 4), [0x50, 0x4b, 0x01, 0x02]);
}
