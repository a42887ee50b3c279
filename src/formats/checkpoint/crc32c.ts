import { type Fold, LEFT, makeFold, STEP } from "./crc32c-folding.js";

/** Sixteen tables of 256 entries in a row: sixteen bytes a step ("slicing"). */
const TABLES = makeTables();

/** From as many bytes on folding pays. */
const MANY = 3 * LEFT;

/** Null where it cannot be had; made when there are many bytes for the first time. */
let fold: Fold | null | undefined;

/**
 * CRC-32C (Castagnoli), as LevelDB tables and tensor bundles carry it.
 * @param before the sum of the bytes in front of these
 */
export function crc32c(bytes: Uint8Array, before = 0): number {
  if (bytes.length < MANY) return ~stepped(bytes, ~before) >>> 0;
  if (fold === undefined) fold = makeFold();
  if (fold === null) return ~stepped(bytes, ~before) >>> 0;
  const folded = bytes.length - ((bytes.length - LEFT) % STEP);
  const state = stepped(fold(bytes.subarray(0, folded), ~before), 0);
  return ~stepped(bytes.subarray(folded), state) >>> 0;
}

/** The CRC register behind these bytes, from the one in front of them: sixteen bytes a step. */
function stepped(bytes: Uint8Array, register: number): number {
  const T = TABLES;
  let crc = register;
  const aligned = -bytes.byteOffset & 3;
  let i = 0;
  while (i < bytes.length && i < aligned) crc = T[(crc ^ bytes[i++]!) & 0xff]! ^ (crc >>> 8);
  const words =
    i < aligned
      ? new Int32Array()
      : new Int32Array(bytes.buffer, bytes.byteOffset + i, (bytes.length - i) >> 2);
  let w = 0;
  for (const end = words.length - 3; w < end; w += 4) {
    const a = words[w]! ^ crc;
    const b = words[w + 1]!;
    const c = words[w + 2]!;
    const d = words[w + 3]!;
    crc =
      T[3840 + (a & 0xff)]! ^
      T[3584 + ((a >>> 8) & 0xff)]! ^
      T[3328 + ((a >>> 16) & 0xff)]! ^
      T[3072 + (a >>> 24)]! ^
      T[2816 + (b & 0xff)]! ^
      T[2560 + ((b >>> 8) & 0xff)]! ^
      T[2304 + ((b >>> 16) & 0xff)]! ^
      T[2048 + (b >>> 24)]! ^
      T[1792 + (c & 0xff)]! ^
      T[1536 + ((c >>> 8) & 0xff)]! ^
      T[1280 + ((c >>> 16) & 0xff)]! ^
      T[1024 + (c >>> 24)]! ^
      T[768 + (d & 0xff)]! ^
      T[512 + ((d >>> 8) & 0xff)]! ^
      T[256 + ((d >>> 16) & 0xff)]! ^
      T[d >>> 24]!;
  }
  for (i += 4 * w; i < bytes.length; i++) crc = T[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8);
  return crc;
}

/** The form in which LevelDB stores a checksum (`crc32c::Mask`). */
export function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

export function maskedCrc32c(bytes: Uint8Array): number {
  return masked(crc32c(bytes));
}

function makeTables(): Int32Array {
  const tables = new Int32Array(16 * 256);
  for (let n = 0; n < 256; n++) {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0x82f63b78 : c >>> 1;
    tables[n] = c;
  }
  for (let at = 256; at < tables.length; at++) {
    const c = tables[at - 256]!;
    tables[at] = tables[c & 0xff]! ^ (c >>> 8);
  }
  return tables;
}
