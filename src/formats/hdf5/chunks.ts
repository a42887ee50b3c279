import { Damage } from "./failures.js";
import { decodeChunk, type Filter } from "./filters.js";
import type { Layout } from "./layout.js";
import { type Cursor, type Metadata, UNDEFINED } from "./metadata.js";
import { walkTree } from "./tree.js";

type ChunkedLayout = Layout & { kind: "chunked" };

interface ChunkKey {
  readonly length: number;
  /** Bit i: filter i was not applied. */
  readonly skip: number;
  /** Index of the chunk's first element. */
  readonly origin: readonly number[];
}

/** The chunks of a dataset by its version 1 B-tree (HDF5 specification III.A.1, node type 1). */
export function readChunks(
  metadata: Metadata,
  tree: number,
  layout: ChunkedLayout,
  path: string,
): StoredChunk[] {
  const rank = layout.chunk.length;
  const chunks: StoredChunk[] = [];
  walkTree<ChunkKey>(metadata, tree, 8 + 8 * (rank + 1), {
    type: 1,
    path,
    readKey: (cursor) => readKey(cursor, rank),
    leaf: (key, address) => {
      if (address !== UNDEFINED) chunks.push(new StoredChunk(metadata, layout, key, address));
    },
    onDamage: (damage) => {
      throw damage;
    },
  });
  return chunks;
}

function readKey(cursor: Cursor, rank: number): ChunkKey {
  const length = cursor.u32();
  const skip = cursor.u32();
  const origin = Array.from({ length: rank }, () => cursor.uint(8));
  cursor.skip(8);
  return { length, skip, origin };
}

export class StoredChunk {
  /** Bytes as stored. */
  readonly length: number;

  constructor(
    private readonly metadata: Metadata,
    private readonly layout: ChunkedLayout,
    private readonly key: ChunkKey,
    readonly address: number,
  ) {
    this.length = key.length;
  }

  /** Unpacks the chunk and copies the part of it that is inside `shape` to its place. */
  async readInto(target: Uint8Array, shape: readonly number[], filters: readonly Filter[]): Promise<void> {
    const at = this.metadata.base + this.address;
    const { chunk, elementSize } = this.layout;
    const unpacked = chunk.reduce((bytes, size) => bytes * size, elementSize);
    if (at + this.length > this.metadata.source.size) {
      throw new Damage(at, `a chunk of ${this.length} bytes is beyond the end of the file`);
    }
    const stored = new Uint8Array(this.length);
    await this.metadata.source.read(at, stored);
    const bytes = decodeChunk(stored, filters, this.key.skip, unpacked, at);
    copyBox(bytes, chunk, target, shape, this.key.origin, elementSize);
  }
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
