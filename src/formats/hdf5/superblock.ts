import { Damage } from "./failures.js";
import { CHECKSUM, type Cursor, type Metadata } from "./metadata.js";

/** HDF5 specification, II.A "Superblock". */
export interface Superblock {
  readonly version: number;
  /** Bytes of it, from address 0. */
  readonly length: number;
  /** Address of the root group's object header. */
  readonly root: number;
  /** Where the file ends, as it says itself, counted from the file's first byte. */
  readonly end: number;
}

export const SIGNATURE = Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a);

/**
 * Where the signature lies: at 0, or behind a user block of 512, 1024, 2048, ... bytes. Null when nowhere.
 */
export function findSignature(
  read: (offset: number, length: number) => Uint8Array,
  size: number,
): number | null {
  for (let offset = 0; offset + SIGNATURE.length <= size; offset = offset === 0 ? 512 : offset * 2) {
    if (Buffer.compare(read(offset, SIGNATURE.length), SIGNATURE) === 0) return offset;
  }
  return null;
}

/** Where the signature lies in these bytes, at any place; null when nowhere. */
export function signatureWithin(bytes: Uint8Array): number | null {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(SIGNATURE);
  return at < 0 ? null : at;
}

/** Reads the superblock at `offset` and sets the sizes and the base address of `metadata` by it. */
export function readSuperblock(metadata: Metadata, offset: number): Superblock {
  const cursor = metadata.blockUpTo(offset, 136, SIGNATURE.length + 1, "the superblock");
  cursor.skip(SIGNATURE.length);
  const version = cursor.version([0, 1, 2, 3], "a superblock");
  if (version >= 2) {
    setSizes(metadata, cursor.u8(), cursor.u8(), cursor.byte);
    cursor.skip(1);
    const moved = readBase(metadata, cursor, offset);
    cursor.skip(metadata.offsetSize);
    const end = cursor.address() + moved;
    const root = cursor.address();
    metadata.compareChecksum(offset - metadata.base, cursor.position, "the superblock");
    return { version, length: cursor.position + CHECKSUM, end, root };
  }
  cursor.skip(4);
  setSizes(metadata, cursor.u8(), cursor.u8(), cursor.byte);
  cursor.skip(version === 1 ? 13 : 9);
  const moved = readBase(metadata, cursor, offset);
  cursor.skip(metadata.offsetSize);
  const end = cursor.address() + moved;
  cursor.skip(2 * metadata.offsetSize);
  // The root's symbol table entry: after its address two words and 16 bytes (III.C).
  const root = cursor.address();
  return { version, length: cursor.position + 24, end, root };
}

function setSizes(metadata: Metadata, offsets: number, lengths: number, byte: number): void {
  for (const size of [offsets, lengths]) {
    if (![2, 4, 8].includes(size)) throw new Damage(byte, `addresses of ${size} bytes are not possible`);
  }
  metadata.offsetSize = offsets;
  metadata.lengthSize = lengths;
}

/**
 * A file that a plain copy moved behind a user block still says base 0; the library then trusts the place.
 * Returns by how much the file was moved.
 */
function readBase(metadata: Metadata, cursor: Cursor, offset: number): number {
  const byte = cursor.byte;
  const base = cursor.address();
  if (base !== offset && base !== 0) {
    throw new Damage(byte, `the base address ${base} is not where the superblock is (${offset})`);
  }
  metadata.base = offset;
  return offset - base;
}
