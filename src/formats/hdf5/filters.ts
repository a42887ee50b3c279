import zlib from "node:zlib";
import { Damage } from "./failures.js";
import type { Cursor } from "./metadata.js";

/** One step of a dataset's filter pipeline (HDF5 specification IV.A.2.l). */
export interface Filter {
  readonly id: number;
  readonly values: readonly number[];
}

export const FILTER = {
  deflate: 1,
  shuffle: 2,
  fletcher32: 3,
  szip: 4,
  nbit: 5,
  scaleOffset: 6,
  /** h5py's `compression="lzf"`. */
  lzf: 32000,
} as const;

const DECODED_HERE: readonly number[] = [FILTER.deflate, FILTER.shuffle, FILTER.fletcher32, FILTER.lzf];
const OF_THE_LIBRARY: readonly number[] = [FILTER.szip, FILTER.nbit, FILTER.scaleOffset];

export function readFilters(cursor: Cursor): Filter[] {
  const version = cursor.version([1, 2], "a filter pipeline");
  const count = cursor.u8();
  if (version === 1) cursor.skip(6);
  return Array.from({ length: count }, () => readFilter(cursor, version));
}

function readFilter(cursor: Cursor, version: number): Filter {
  const id = cursor.u16();
  const nameLength = version === 1 || id >= 256 ? cursor.u16() : 0;
  cursor.skip(2);
  const count = cursor.u16();
  cursor.skip(version === 1 ? Math.ceil(nameLength / 8) * 8 : nameLength);
  const values = Array.from({ length: count }, () => cursor.u32());
  if (version === 1 && count % 2 === 1) cursor.skip(4);
  return { id, values };
}

/** Whether the checksums of chunks count. */
export type Sums = "compared" | "passed over";

/** A chunk that can be read, whose bytes are not those that were written. */
export class ChangedChunk extends Damage {}

/** Who can decode a pipeline: this reader, the HDF5 library, or code that a user would have to install. */
export function decoderOf(filters: readonly Filter[]): "here" | "library" | "user-defined" {
  if (filters.every(({ id }) => DECODED_HERE.includes(id))) return "here";
  return filters.every(({ id }) => DECODED_HERE.includes(id) || OF_THE_LIBRARY.includes(id))
    ? "library"
    : "user-defined";
}

/**
 * Undoes a pipeline on one stored chunk.
 * @param skip bit i says that filter i was not applied to this chunk
 * @param length bytes of the chunk, unpacked; never more than that is allocated
 */
export function decodeChunk(
  stored: Uint8Array,
  filters: readonly Filter[],
  skip: number,
  length: number,
  byte: number,
  sums: Sums = "compared",
): Uint8Array {
  let bytes = stored;
  for (let i = filters.length - 1; i >= 0; i--) {
    if ((skip >>> i) & 1) continue;
    bytes = undo(filters[i]!, bytes, length, byte, sums);
  }
  if (bytes.byteLength < length) {
    throw new Damage(byte, `a chunk of ${length} bytes unpacks to ${bytes.byteLength}`);
  }
  return bytes;
}

/** A chunk that another filter follows may carry its 4 bytes of checksum. */
const CHECKSUM = 4;

function undo(filter: Filter, bytes: Uint8Array, length: number, byte: number, sums: Sums): Uint8Array {
  switch (filter.id) {
    case FILTER.deflate:
      return inflate(bytes, length + CHECKSUM, byte);
    case FILTER.shuffle:
      return unshuffle(bytes, filter.values[0] ?? 1);
    case FILTER.fletcher32:
      return checkFletcher(bytes, byte, sums);
    case FILTER.lzf:
      return decodeLzf(bytes, length + CHECKSUM, byte);
    default:
      throw new Damage(byte, `filter ${filter.id} is not known`);
  }
}

function inflate(bytes: Uint8Array, most: number, byte: number): Uint8Array {
  try {
    return zlib.inflateSync(bytes, { maxOutputLength: most });
  } catch (error) {
    throw new Damage(byte, `a deflated chunk cannot be unpacked: ${(error as Error).message}`);
  }
}

/** Byte planes back into elements: all first bytes come first, then all second bytes, ... */
function unshuffle(bytes: Uint8Array, size: number): Uint8Array {
  const count = Math.floor(bytes.byteLength / size);
  // Fewer bytes than one element: nothing was moved, however large the element says it is.
  if (size <= 1 || count === 0) return bytes;
  const out = new Uint8Array(bytes.byteLength);
  for (let plane = 0, at = 0; plane < size; plane++) {
    for (let i = plane; i < count * size; i += size) out[i] = bytes[at++]!;
  }
  out.set(bytes.subarray(count * size), count * size);
  return out;
}

/** Fletcher's checksum over big-endian 16-bit words, as the library computes it (H5checksum.c). */
export function fletcher32(bytes: Uint8Array): number {
  let low = 0;
  let high = 0;
  for (let i = 0; i + 1 < bytes.byteLength; i += 2) {
    low = (low + ((bytes[i]! << 8) | bytes[i + 1]!)) % 65535;
    high = (high + low) % 65535;
  }
  if (bytes.byteLength % 2 === 1) {
    low = (low + (bytes.at(-1)! << 8)) % 65535;
    high = (high + low) % 65535;
  }
  return ((high << 16) | low) >>> 0;
}

function checkFletcher(bytes: Uint8Array, byte: number, sums: Sums): Uint8Array {
  const data = bytes.subarray(0, Math.max(0, bytes.byteLength - CHECKSUM));
  if (bytes.byteLength < CHECKSUM) throw new Damage(byte, "a chunk is too short for its checksum");
  if (sums === "passed over") return data;
  const stored = new DataView(bytes.buffer, bytes.byteOffset + data.byteLength).getUint32(0, true);
  const computed = fletcher32(data);
  // The library once stored the two bytes of each half the other way round and still accepts that.
  const swapped = (((stored & 0x00ff00ff) << 8) | ((stored >>> 8) & 0x00ff00ff)) >>> 0;
  if (!sameSums(stored, computed) && !sameSums(swapped, computed)) {
    throw new ChangedChunk(byte, "a chunk's checksum (fletcher32) does not match its bytes");
  }
  return data;
}

/** In arithmetic modulo 65535, 0 and 65535 are the same number. */
function sameSums(a: number, b: number): boolean {
  return (a >>> 16) % 65535 === (b >>> 16) % 65535 && (a & 0xffff) % 65535 === (b & 0xffff) % 65535;
}

/** LibLZF's format: literal runs and back references. */
function decodeLzf(bytes: Uint8Array, most: number, byte: number): Uint8Array {
  const out = new Uint8Array(most);
  let end = 0;
  const broken = () => new Damage(byte, "an LZF chunk cannot be unpacked");
  for (let at = 0; at < bytes.byteLength;) {
    const control = bytes[at++]!;
    if (control < 32) {
      const run = control + 1;
      if (at + run > bytes.byteLength || end + run > most) throw broken();
      out.set(bytes.subarray(at, at + run), end);
      at += run;
      end += run;
      continue;
    }
    let length = (control >> 5) + 2;
    if (length === 9) length += bytes[at++] ?? 0;
    const from = end - ((control & 31) << 8) - (bytes[at++] ?? 0) - 1;
    if (from < 0 || end + length > most) throw broken();
    for (let i = 0; i < length; i++) out[end++] = out[from + i]!;
  }
  return out.subarray(0, end);
}
