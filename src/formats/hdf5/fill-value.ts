import { type Cursor } from "./metadata.js";

/** The value of elements that were never written (HDF5 specification IV.A.2.f); null when none is given. */
export function readFillValue(cursor: Cursor): Uint8Array | null {
  const version = cursor.version([1, 2, 3], "a fill value");
  if (version === 3) return cursor.u8() & 0x20 ? sized(cursor) : null;
  cursor.skip(2);
  const defined = cursor.u8() !== 0;
  return version === 1 || defined ? sized(cursor) : null;
}

/** The older message (IV.A.2.e) has nothing but the value. */
export function readOldFillValue(cursor: Cursor): Uint8Array | null {
  return sized(cursor);
}

function sized(cursor: Cursor): Uint8Array | null {
  if (cursor.left < 4) return null;
  const size = cursor.u32();
  return size > 0 && size <= cursor.left ? cursor.take(size).slice() : null;
}
