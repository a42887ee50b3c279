import { Damage } from "./failures.js";
import { LIMITS } from "./limits.js";
import type { Cursor } from "./metadata.js";

/** The shape of a dataset or attribute; null is HDF5's "null" dataspace: no elements at all. */
export type Dataspace = readonly number[] | null;

/** HDF5 specification IV.A.2.b. A scalar has the shape []. */
export function readDataspace(cursor: Cursor): Dataspace {
  const version = cursor.version([1, 2], "a dataspace");
  const rank = cursor.u8();
  if (rank > LIMITS.rank) throw new Damage(cursor.byte, `${rank} dimensions; HDF5 allows ${LIMITS.rank}`);
  cursor.skip(1);
  const kind = cursor.u8();
  if (version === 1) cursor.skip(4);
  if (version === 2 && kind === 2) return null;
  return Array.from({ length: rank }, () => cursor.length());
}

/** How far each axis of a dataset with this shape may grow; null for one without limit. */
export function readMaximum(cursor: Cursor, shape: Dataspace): (number | null)[] {
  cursor.position = 2;
  const growing = (cursor.u8() & 1) !== 0;
  if (shape === null || !growing) return [...(shape ?? [])];
  cursor.position = cursor.bytes[0] === 1 ? 8 : 4;
  shape.forEach(() => cursor.length());
  return shape.map(() => cursor.lengthOrNone());
}

/** Number of elements; a count beyond what a number can hold is damage. */
export function elementCount(shape: Dataspace, byte: number): number {
  if (shape === null) return 0;
  const count = shape.reduce((product, size) => product * BigInt(size), 1n);
  if (count > BigInt(Number.MAX_SAFE_INTEGER))
    throw new Damage(byte, `the shape [${shape.join(", ")}] overflows`);
  return Number(count);
}
