import type { ChunkPlace } from "./chunk-index.js";
import { Damage } from "./failures.js";
import { decodeChunk, type Filter } from "./filters.js";
import type { ChunkedLayout } from "./layout.js";
import type { Metadata } from "./metadata.js";

/** Unpacks a chunk and copies the part of it that is inside `shape` to its place in `target`. */
export async function readChunkInto(
  metadata: Metadata,
  layout: ChunkedLayout,
  place: ChunkPlace,
  target: Uint8Array,
  shape: readonly number[],
  filters: readonly Filter[],
): Promise<void> {
  const at = metadata.base + place.address;
  const { chunk, elementSize } = layout;
  const unpacked = chunk.reduce((bytes, size) => bytes * size, elementSize);
  if (at + place.length > metadata.source.size) {
    throw new Damage(at, `a chunk of ${place.length} bytes is beyond the end of the file`);
  }
  const stored = new Uint8Array(place.length);
  await metadata.source.read(at, stored);
  const sums = metadata.takesChanged ? "passed over" : "compared";
  const bytes = decodeChunk(stored, filters, place.skip, unpacked, at, sums);
  copyBox(bytes, chunk, target, shape, place.origin, elementSize);
}

/** Copies a box of elements to `origin` of an array of `shape`; what lies outside is left out. */
function copyBox(
  from: Uint8Array,
  box: readonly number[],
  to: Uint8Array,
  shape: readonly number[],
  origin: readonly number[],
  elementSize: number,
): void {
  const extent = box.map((size, axis) => Math.min(size, shape[axis]! - origin[axis]!));
  if (extent.some((size) => size <= 0)) return;
  const rank = box.length;
  const run = extent[rank - 1]! * elementSize;
  const index = new Array<number>(rank).fill(0);
  for (;;) {
    let source = 0;
    let place = 0;
    for (let axis = 0; axis < rank; axis++) {
      source = source * box[axis]! + index[axis]!;
      place = place * shape[axis]! + origin[axis]! + index[axis]!;
    }
    to.set(from.subarray(source * elementSize, source * elementSize + run), place * elementSize);
    let axis = rank - 2;
    while (axis >= 0 && ++index[axis]! >= extent[axis]!) index[axis--] = 0;
    if (axis < 0) return;
  }
}
