import { lookup3 } from "./lookup3.js";
import { CHECKSUM, type Metadata } from "./metadata.js";

/** Addresses of structures that lie in a file, whether or not anything leads to them. */
export interface Marks {
  /** Object headers of version 1 and 2, in the file's order. */
  readonly headers: readonly number[];
  /** Symbol table nodes: parts of the lists of groups. */
  readonly nodes: readonly number[];
  /** Blocks of fractal heaps, by the address of the heap that they say they belong to. */
  readonly heapBlocks: ReadonlyMap<number, readonly number[]>;
}

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Bytes that are looked through at once, and how many of them the next look sees again. */
const WINDOW = 1 << 20;
const OVERLAP = 64;
/** More structures than this are not looked for: 5,000 layers make some 20,000. */
const MOST = 200_000;
/** Count of references and version of an object header of version 1 that one link leads to (specification IV.A.1.a). */
const ONE_REFERENCE = Uint8Array.of(1, 0, 0, 0);
const LAST_MESSAGE_TYPE = 0x18;

/**
 * Looks for structures by their signatures, and for object headers of version 1, which have none, by their shape.
 * For files that have lost what leads to them.
 * @param known ranges of bytes that are values of tensors, which are not looked through
 */
export function sweep(metadata: Metadata, known: readonly Range[]): Marks {
  const headers = new Set<number>();
  const nodes = new Set<number>();
  const heapBlocks = new Map<number, Set<number>>();
  for (const { bytes, start } of windows(metadata, known)) {
    const found = (mark: string | Uint8Array) => places(bytes, mark);
    for (const at of found("OHDR"))
      if (soundHeader(metadata, start + at - metadata.base)) headers.add(start + at - metadata.base);
    for (const at of found(ONE_REFERENCE))
      if (looksLikeHeader(bytes, at - 4)) headers.add(start + at - 4 - metadata.base);
    for (const at of found("SNOD")) if (bytes[at + 4] === 1) nodes.add(start + at - metadata.base);
    for (const at of found("FHDB")) {
      const heap = heapOf(bytes, at, metadata.offsetSize);
      if (heap === null) continue;
      const blocks = heapBlocks.get(heap) ?? new Set();
      heapBlocks.set(heap, blocks.add(start + at - metadata.base));
    }
    if (headers.size + nodes.size > MOST) break;
  }
  const blocks = [...heapBlocks].map(([heap, addresses]) => [heap, inOrder(addresses)] as const);
  return { headers: inOrder(headers), nodes: inOrder(nodes), heapBlocks: new Map(blocks) };
}

function inOrder(addresses: ReadonlySet<number>): number[] {
  return [...addresses].sort((a, b) => a - b);
}

function* windows({ source }: Metadata, known: readonly Range[]) {
  for (const { start, end } of gaps(known, source.size)) {
    for (let at = start; at < end; at += WINDOW - OVERLAP) {
      const bytes = Buffer.allocUnsafe(Math.min(WINDOW, end - at));
      source.readSync(at, bytes);
      yield { bytes, start: at };
      if (at + WINDOW >= end) break;
    }
  }
}

/** What lies between the ranges. */
function* gaps(known: readonly Range[], size: number): Generator<Range> {
  let start = 0;
  for (const range of [...known].sort((a, b) => a.start - b.start)) {
    if (range.start > start) yield { start, end: Math.min(range.start, size) };
    start = Math.max(start, range.end);
  }
  if (start < size) yield { start, end: size };
}

function* places(bytes: Buffer, mark: string | Uint8Array): Generator<number> {
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1)) yield at;
}

/** A header of version 1 and its first message, each field within what it can be. */
function looksLikeHeader(bytes: Buffer, at: number): boolean {
  if (at < 0 || at + 24 > bytes.length) return false;
  if (bytes[at] !== 1 || bytes[at + 1] !== 0 || bytes.readUInt16LE(at + 2) === 0) return false;
  const size = bytes.readUInt32LE(at + 8);
  const [type, length] = [bytes.readUInt16LE(at + 16), bytes.readUInt16LE(at + 18)];
  const sized = size >= 16 && size % 8 === 0 && length % 8 === 0 && length + 8 <= size;
  return sized && type <= LAST_MESSAGE_TYPE && bytes[at + 21] === 0 && bytes.readUInt16LE(at + 22) === 0;
}

/** A header of version 2 whose first block matches its checksum. */
function soundHeader({ source, base }: Metadata, address: number): boolean {
  const offset = base + address;
  if (offset + 7 > source.size) return false;
  const head = Buffer.alloc(Math.min(34, source.size - offset));
  source.readSync(offset, head);
  const [version, flags] = [head[4]!, head[5]!];
  if (version !== 2 || flags >= 64) return false;
  const at = 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
  const width = 1 << (flags & 3);
  if (at + Math.min(width, 6) > head.length) return false;
  const length = at + width + head.readUIntLE(at, Math.min(width, 6));
  if (offset + length + CHECKSUM > source.size || length > 1 << 20) return false;
  const header = Buffer.alloc(length + CHECKSUM);
  source.readSync(offset, header);
  return lookup3(header.subarray(0, length)) === header.readUInt32LE(length);
}

/** The address of the heap whose block starts here; null where none does. */
function heapOf(bytes: Buffer, at: number, offsetSize: number): number | null {
  if (bytes[at + 4] !== 0 || at + 5 + offsetSize > bytes.length) return null;
  return bytes.readUIntLE(at + 5, Math.min(offsetSize, 6));
}
