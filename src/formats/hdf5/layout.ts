import { Damage } from "./failures.js";
import { LIMITS } from "./limits.js";
import type { Cursor } from "./metadata.js";

/** Where a dataset's values lie (HDF5 specification IV.A.2.i). */
export type Layout =
  | { readonly kind: "compact"; readonly bytes: Uint8Array; readonly byte: number }
  | { readonly kind: "contiguous"; readonly address: number; readonly length: number | null }
  | {
      readonly kind: "chunked";
      /** Root of the version 1 B-tree; null where a newer index is used. */
      readonly tree: number | null;
      readonly chunk: readonly number[];
      readonly elementSize: number;
    }
  | { readonly kind: "virtual" };

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
      return version === 3 ? readChunked(cursor) : readNewChunked(cursor);
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
  return { kind: "chunked", tree: address, chunk, elementSize: cursor.u32() };
}

function readChunked(cursor: Cursor): Layout {
  const rank = checkRank(cursor.u8(), cursor);
  const tree = cursor.address();
  const chunk = Array.from({ length: rank - 1 }, () => cursor.u32());
  return { kind: "chunked", tree, chunk, elementSize: cursor.u32() };
}

function readNewChunked(cursor: Cursor): Layout {
  cursor.skip(1);
  const rank = checkRank(cursor.u8(), cursor);
  const width = cursor.u8();
  const sizes = Array.from({ length: rank }, () => cursor.uint(width));
  return { kind: "chunked", tree: null, chunk: sizes.slice(0, -1), elementSize: sizes.at(-1)! };
}

function checkRank(rank: number, cursor: Cursor): number {
  if (rank < 1 || rank > LIMITS.rank + 1) throw new Damage(cursor.byte, `a layout of ${rank} dimensions`);
  return rank;
}
