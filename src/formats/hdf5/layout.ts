import { Damage } from "./failures.js";
import { LIMITS } from "./limits.js";
import type { Cursor } from "./metadata.js";

/** Where a dataset's values lie (HDF5 specification IV.A.2.i). */
export type Layout =
  | { readonly kind: "compact"; readonly bytes: Uint8Array; readonly byte: number }
  | { readonly kind: "contiguous"; readonly address: number; readonly length: number | null }
  | {
      readonly kind: "chunked";
      readonly index: ChunkIndex;
      /** Chunks that reach beyond the shape are stored without filters. */
      readonly plainEdges: boolean;
      readonly chunk: readonly number[];
      readonly elementSize: number;
    }
  | { readonly kind: "virtual" };

export type ChunkedLayout = Layout & { readonly kind: "chunked" };

/** How the chunks are found: by a tree, or by a simpler index where the shape allows one. */
export type ChunkIndex =
  | {
      readonly kind: "tree" | "tree-v2" | "implicit" | "fixed-array" | "extensible-array";
      readonly address: number;
    }
  | {
      readonly kind: "single";
      readonly address: number;
      /** Bytes as stored; null where no filter applies. */
      readonly length: number | null;
      readonly skip: number;
    }
  /** One that this reader does not know. */
  | { readonly kind: "library" };

export function readLayout(cursor: Cursor): Layout {
  const version = cursor.version([1, 2, 3, 4, 5], "a data layout");
  if (version < 3) return readOldLayout(cursor);
  switch (cursor.u8()) {
    case 0: {
      const length = cursor.u16();
      return { kind: "compact", byte: cursor.byte, bytes: cursor.take(length) };
    }
    case 1:
      return { kind: "contiguous", address: cursor.address(), length: cursor.length() };
    case 2:
      return version === 3 ? readChunked(cursor) : readNewChunked(cursor, version);
    case 3:
      return { kind: "virtual" };
    default:
      throw new Damage(cursor.byte, "a layout class that is not known");
  }
}

function readOldLayout(cursor: Cursor): Layout {
  const rank = checkRank(cursor.u8(), cursor);
  const kind = cursor.u8();
  cursor.skip(5);
  if (kind === 0) {
    cursor.skip(4 * rank);
    const length = cursor.u32();
    return { kind: "compact", byte: cursor.byte, bytes: cursor.take(length) };
  }
  const address = cursor.address();
  if (kind === 1) return { kind: "contiguous", address, length: null };
  if (kind !== 2) throw new Damage(cursor.byte, "a layout class that is not known");
  // In these versions the element size is a field of its own, and counts as one of the dimensions.
  const chunk = Array.from({ length: rank - 1 }, () => cursor.u32());
  return chunkedByTree(address, chunk, cursor.u32());
}

function chunkedByTree(address: number, chunk: readonly number[], elementSize: number): Layout {
  return { kind: "chunked", index: { kind: "tree", address }, plainEdges: false, chunk, elementSize };
}

function readChunked(cursor: Cursor): Layout {
  const rank = checkRank(cursor.u8(), cursor);
  const tree = cursor.address();
  const chunk = Array.from({ length: rank - 1 }, () => cursor.u32());
  return chunkedByTree(tree, chunk, cursor.u32());
}

function readNewChunked(cursor: Cursor, version: number): Layout {
  const flags = cursor.u8();
  const rank = checkRank(cursor.u8(), cursor);
  const width = cursor.u8();
  const sizes = Array.from({ length: rank }, () => cursor.uint(width));
  return {
    kind: "chunked",
    index: version === 4 ? readIndex(cursor, flags) : { kind: "library" },
    plainEdges: (flags & 1) !== 0,
    chunk: sizes.slice(0, -1),
    elementSize: sizes.at(-1)!,
  };
}

function readIndex(cursor: Cursor, flags: number): ChunkIndex {
  switch (cursor.u8()) {
    case 1: {
      const filtered = (flags & 2) !== 0;
      const length = filtered ? cursor.length() : null;
      const skip = filtered ? cursor.u32() : 0;
      return { kind: "single", length, skip, address: cursor.address() };
    }
    case 2:
      return { kind: "implicit", address: cursor.address() };
    case 3:
      cursor.skip(1);
      return { kind: "fixed-array", address: cursor.address() };
    case 4:
      cursor.skip(5);
      return { kind: "extensible-array", address: cursor.address() };
    case 5:
      cursor.skip(6);
      return { kind: "tree-v2", address: cursor.address() };
    default:
      return { kind: "library" };
  }
}

function checkRank(rank: number, cursor: Cursor): number {
  if (rank < 1 || rank > LIMITS.rank + 1) throw new Damage(cursor.byte, `a layout of ${rank} dimensions`);
  return rank;
}
