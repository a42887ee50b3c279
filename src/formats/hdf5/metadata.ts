import type { ByteSource } from "../byte-source.js";
import { Damage, refused } from "./failures.js";
import { LIMITS } from "./limits.js";
import { lookup3 } from "./lookup3.js";

/** An address that says "not stored": all bits set. */
export const UNDEFINED = -1;

/** Bytes of a checksum. */
export const CHECKSUM = 4;

/** Bytes of the file, `end` not counted, and what lies there. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly what: string;
}

const PAGE = 1 << 14;
const CACHED_PAGES = 128;

/**
 * The structural bytes of one HDF5 file: checked ranges, addresses counted from the base address, and one
 * budget for everything that is walked, so that no file can make the scan long.
 */
export class Metadata {
  /** Size of an address and of a length in this file: 2, 4 or 8 (superblock). */
  offsetSize = 8;
  lengthSize = 8;
  /** Where address 0 lies: after a user block. */
  base = 0;
  /** Structures whose bytes do not match their checksum, by their byte. */
  readonly mismatches = new Map<number, string>();
  /** Whether chunks whose bytes do not match their checksum are read as they stand; first they are not. */
  takesChanged = false;
  private readonly compared = new Set<number>();
  private structures = new Map<number, Span>();
  private readonly pages = new Map<number, Uint8Array>();
  private spent = 0;

  constructor(readonly source: ByteSource) {}

  /** Counts structure walked so far. */
  spend(items: number, path: string): void {
    this.spent += items;
    if (this.spent > LIMITS.items) {
      throw refused(
        path,
        `the file has more than ${LIMITS.items} structural items`,
        "No model file is built like this; get the file again from where it was made.",
      );
    }
  }

  /** The block of `length` bytes at an address, which must lie inside the file. */
  block(address: number, length: number, what: string): Cursor {
    const offset = this.base + address;
    if (address < 0 || length < 0 || offset + length > this.source.size) {
      throw new Damage(
        Math.max(0, offset),
        `${what} should be here, ${length} bytes, but the file ends at byte ${this.source.size}`,
      );
    }
    return new Cursor(this, this.bytes(offset, length), offset);
  }

  /** As `block`, with what there is when the file ends before `length`; at least `minimum` bytes. */
  blockUpTo(address: number, length: number, minimum: number, what: string): Cursor {
    const there = Math.min(length, this.source.size - this.base - address);
    return this.block(address, Math.max(there, minimum), what);
  }

  /**
   * Compares a structure of `length` bytes with the checksum that follows it, and notes where they differ. What the
   * file's end cuts off is for its reader to say.
   * @param at where the checksum lies when it does not follow but is one of the bytes, which then count as 0
   */
  compareChecksum(address: number, length: number, what: string, at: number | null = null): void {
    const offset = this.base + address;
    const stored = at ?? length;
    const end = Math.max(length, stored + CHECKSUM);
    if (address < 0 || offset + end > this.source.size || this.compared.has(offset)) return;
    this.compared.add(offset);
    const bytes = this.bytes(offset, end);
    const expected = new DataView(bytes.buffer, bytes.byteOffset).getUint32(stored, true);
    const summed = at === null ? bytes.subarray(0, length) : bytes.slice().fill(0, at, at + CHECKSUM);
    if (lookup3(summed) !== expected) this.mismatches.set(offset, what);
  }

  /** Notes that a structure lies in `length` bytes at an address. */
  occupy(address: number, length: number, what: string): void {
    const start = this.base + address;
    const end = start + length;
    if (end > (this.structures.get(start)?.end ?? start)) this.structures.set(start, { start, end, what });
  }

  /** Where the structures lie that were read since the last call, in no order. */
  takeOccupied(): Span[] {
    const spans = [...this.structures.values()];
    this.structures = new Map();
    return spans;
  }

  /** Bytes that were read already, as a structure. */
  over(bytes: Uint8Array, offset: number): Cursor {
    return new Cursor(this, bytes, offset);
  }

  private bytes(offset: number, length: number): Uint8Array {
    const first = Math.floor(offset / PAGE);
    if (offset + length <= (first + 1) * PAGE) {
      const start = offset - first * PAGE;
      return this.page(first).subarray(start, start + length);
    }
    const bytes = new Uint8Array(length);
    this.source.readSync(offset, bytes);
    return bytes;
  }

  private page(index: number): Uint8Array {
    const known = this.pages.get(index);
    if (known) return known;
    const bytes = new Uint8Array(Math.min(PAGE, this.source.size - index * PAGE));
    this.source.readSync(index * PAGE, bytes);
    if (this.pages.size >= CACHED_PAGES) this.pages.delete(this.pages.keys().next().value!);
    this.pages.set(index, bytes);
    return bytes;
  }
}

/** Reads the fields of one structure in order. Running past its end is damage, said with the byte. */
export class Cursor {
  position = 0;
  private readonly view: DataView;

  constructor(
    private readonly metadata: Metadata,
    readonly bytes: Uint8Array,
    /** Where the structure starts in the file. */
    readonly start: number,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get byte(): number {
    return this.start + this.position;
  }

  get left(): number {
    return this.bytes.byteLength - this.position;
  }

  private advance(length: number): number {
    if (length < 0 || length > this.left) {
      throw new Damage(this.byte, `${length} more bytes are needed, the structure has ${this.left}`);
    }
    const at = this.position;
    this.position += length;
    return at;
  }

  skip(length: number): void {
    this.advance(length);
  }

  /** To the next multiple of `size` from the structure's start. */
  align(size: number): void {
    this.skip(Math.min(this.left, (size - (this.position % size)) % size));
  }

  u8(): number {
    return this.view.getUint8(this.advance(1));
  }

  u16(): number {
    return this.view.getUint16(this.advance(2), true);
  }

  u32(): number {
    return this.view.getUint32(this.advance(4), true);
  }

  /** An unsigned integer of 1 to 8 bytes that must fit a JavaScript integer. */
  uint(size: number): number {
    const at = this.advance(size);
    let value = 0;
    for (let i = size - 1; i >= 0; i--) value = value * 256 + this.bytes[at + i]!;
    if (value > Number.MAX_SAFE_INTEGER) {
      throw new Damage(this.start + at, `the number ${value} is larger than any file`);
    }
    return value;
  }

  /** A length ("size of lengths" bytes). */
  length(): number {
    return this.uint(this.metadata.lengthSize);
  }

  /** A length, or null for "unlimited". */
  lengthOrNone(): number | null {
    return this.uintUnlessAllOnes(this.metadata.lengthSize);
  }

  /** An address, or `UNDEFINED`. */
  address(): number {
    return this.uintUnlessAllOnes(this.metadata.offsetSize) ?? UNDEFINED;
  }

  private uintUnlessAllOnes(size: number): number | null {
    const field = this.bytes.subarray(this.position, this.position + size);
    if (field.byteLength < size || field.some((byte) => byte !== 0xff)) return this.uint(size);
    this.skip(size);
    return null;
  }

  take(length: number): Uint8Array {
    const at = this.advance(length);
    return this.bytes.subarray(at, at + length);
  }

  /** A part of this structure as one of its own. */
  part(length: number): Cursor {
    const start = this.byte;
    return new Cursor(this.metadata, this.take(length), start);
  }

  signature(expected: string): void {
    const at = this.byte;
    const found = Buffer.from(this.take(expected.length)).toString("latin1");
    if (found !== expected)
      throw new Damage(at, `"${expected}" should be here, found ${JSON.stringify(found)}`);
  }

  version(expected: readonly number[], what: string): number {
    const at = this.byte;
    const version = this.u8();
    if (!expected.includes(version)) {
      throw new Damage(at, `${what} of version ${version} is not known (${expected.join(", ")})`);
    }
    return version;
  }
}

/** UTF-8 up to the first NUL; bytes that are not UTF-8 are replaced. */
export function text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return UTF8.decode(end < 0 ? bytes : bytes.subarray(0, end));
}

const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });
