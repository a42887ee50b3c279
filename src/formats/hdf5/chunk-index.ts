import { readExtensibleArray } from "./extensible-array.js";
import { Damage } from "./failures.js";
import { readFixedArray } from "./fixed-array.js";
import type { ChunkedLayout, ChunkIndex } from "./layout.js";
import { type Cursor, type Metadata, UNDEFINED } from "./metadata.js";
import { walkTreeV2 } from "./tree-v2.js";
import { walkTree } from "./tree.js";

/** Where one chunk is stored. */
export interface ChunkPlace {
  readonly address: number;
  /** Bytes as stored. */
  readonly length: number;
  /** Bit i: filter i was not applied. */
  readonly skip: number;
  /** Index of the chunk's first element. */
  readonly origin: readonly number[];
}

/** What the layout message does not say about a chunked dataset. */
export interface ChunkedShape {
  readonly path: string;
  readonly shape: readonly number[];
  /** How far each axis may grow; null for one without limit. */
  readonly maximum: readonly (number | null)[];
  readonly filtered: boolean;
}

/** An element of an array index: a chunk in the order of the grid. */
export interface ArrayElement {
  readonly address: number;
  /** Null where chunks are stored as they are. */
  readonly length: number | null;
  readonly skip: number;
}

/** How the elements of an array index are read. */
export interface ElementForm {
  readonly path: string;
  readonly filtered: boolean;
  /** Bytes of a filtered chunk's length. */
  readonly lengthSize: number;
}

/** The stored chunks of a dataset, by whichever index it has (HDF5 specification III.A.1, VII and IV.A.2.i). */
export function readChunkIndex(metadata: Metadata, layout: ChunkedLayout, what: ChunkedShape): ChunkPlace[] {
  const { index } = layout;
  switch (index.kind) {
    case "tree":
      return readTree(metadata, index.address, layout, what);
    case "tree-v2":
      return readTreeV2(metadata, index.address, layout, what);
    case "library":
      return [];
    default:
      return placed(metadata, layout, what, readArray(metadata, index, layout, what));
  }
}

function chunkBytes({ chunk, elementSize }: ChunkedLayout): number {
  return chunk.reduce((bytes, size) => bytes * size, elementSize);
}

/** As many bytes as the unpacked size needs, and one more (`H5D__chunk_..._COMPUTE_CHUNK_SIZE_LEN`). */
function formOf(layout: ChunkedLayout, { path, filtered }: ChunkedShape): ElementForm {
  const bits = Math.floor(Math.log2(chunkBytes(layout)));
  return { path, filtered, lengthSize: Math.min(8, 1 + Math.floor((bits + 8) / 8)) };
}

export function readElement(cursor: Cursor, { filtered, lengthSize }: ElementForm): ArrayElement {
  const address = cursor.address();
  if (!filtered) return { address, length: null, skip: 0 };
  return { address, length: cursor.uint(lengthSize), skip: cursor.u32() };
}

function readArray(
  metadata: Metadata,
  index: ChunkIndex,
  layout: ChunkedLayout,
  what: ChunkedShape,
): Iterable<readonly [number, ArrayElement]> {
  switch (index.kind) {
    case "single":
      return [[0, { address: index.address, length: index.length, skip: index.skip }]];
    case "implicit":
      return consecutive(metadata, index.address, layout, what);
    case "fixed-array":
      return readFixedArray(metadata, index.address, formOf(layout, what));
    case "extensible-array":
      return readExtensibleArray(metadata, index.address, formOf(layout, what));
    default:
      return [];
  }
}

/** All chunks one after the other. */
function* consecutive(
  metadata: Metadata,
  address: number,
  layout: ChunkedLayout,
  { maximum, path, shape }: ChunkedShape,
): Generator<readonly [number, ArrayElement]> {
  if (address === UNDEFINED) return;
  const counts = shape.map((size, axis) => chunksAlong(axis, size, maximum, layout));
  const total = counts.reduce((product, count) => product * count, 1);
  metadata.spend(total, path);
  const bytes = chunkBytes(layout);
  for (let i = 0; i < total; i++) yield [i, { address: address + i * bytes, length: null, skip: 0 }];
}

/**
 * Elements by their number in the grid of chunks, the last axis fastest; an axis without limit is the slowest. Chunks
 * beyond the current shape are left out.
 */
function placed(
  metadata: Metadata,
  layout: ChunkedLayout,
  what: ChunkedShape,
  elements: Iterable<readonly [number, ArrayElement]>,
): ChunkPlace[] {
  const { shape, maximum, path } = what;
  const endless = maximum.indexOf(null);
  const axes = shape.map((_, axis) => axis);
  if (endless > 0) axes.unshift(...axes.splice(endless, 1));
  const counts = axes.map((axis) => chunksAlong(axis, shape[axis]!, maximum, layout));
  const places: ChunkPlace[] = [];
  for (const [number, element] of elements) {
    metadata.spend(1, path);
    if (element.address === UNDEFINED) continue;
    const origin = originOf(number, axes, counts, layout.chunk);
    if (origin.some((start, axis) => start >= shape[axis]!)) continue;
    places.push(
      unfilteredEdge(layout, what, { ...element, length: element.length ?? chunkBytes(layout), origin }),
    );
  }
  return places;
}

/** A limit below the size that there is, as damage makes it, counts as that size. */
function chunksAlong(
  axis: number,
  size: number,
  maximum: readonly (number | null)[],
  { chunk }: ChunkedLayout,
): number {
  return Math.ceil(Math.max(size, maximum[axis] ?? size) / chunk[axis]!);
}

function originOf(
  number: number,
  axes: readonly number[],
  counts: readonly number[],
  chunk: readonly number[],
): number[] {
  const origin = new Array<number>(axes.length).fill(0);
  let rest = number;
  for (let i = axes.length - 1; i > 0; i--) {
    origin[axes[i]!] = (rest % counts[i]!) * chunk[axes[i]!]!;
    rest = Math.floor(rest / counts[i]!);
  }
  if (axes.length > 0) origin[axes[0]!] = rest * chunk[axes[0]!]!;
  return origin;
}

/** Chunks at the edge may be exempt from all filters. */
function unfilteredEdge(
  { chunk, plainEdges }: ChunkedLayout,
  { shape }: ChunkedShape,
  place: ChunkPlace,
): ChunkPlace {
  const edge = place.origin.some((start, axis) => start + chunk[axis]! > shape[axis]!);
  return plainEdges && edge ? { ...place, skip: 0xffffffff } : place;
}

/** Version 1: chunks by where they begin. */
function readTree(
  metadata: Metadata,
  address: number,
  layout: ChunkedLayout,
  { path }: ChunkedShape,
): ChunkPlace[] {
  const rank = layout.chunk.length;
  const places: ChunkPlace[] = [];
  walkTree<Omit<ChunkPlace, "address">>(metadata, address, 8 + 8 * (rank + 1), {
    type: 1,
    path,
    readKey: (cursor) => readKey(cursor, rank),
    leaf: (key, chunk) => {
      if (chunk !== UNDEFINED) places.push({ ...key, address: chunk });
    },
    onDamage: (damage) => {
      throw damage;
    },
  });
  return places;
}

function readKey(cursor: Cursor, rank: number): Omit<ChunkPlace, "address"> {
  const length = cursor.u32();
  const skip = cursor.u32();
  const origin = Array.from({ length: rank }, () => cursor.uint(8));
  cursor.skip(8);
  return { length, skip, origin };
}

const PLAIN_CHUNKS = 10;
const FILTERED_CHUNKS = 11;

/** Version 2: more than one axis without limit. */
function readTreeV2(
  metadata: Metadata,
  address: number,
  layout: ChunkedLayout,
  what: ChunkedShape,
): ChunkPlace[] {
  const places: ChunkPlace[] = [];
  const form = formOf(layout, what);
  const record = (cursor: Cursor) => {
    metadata.spend(1, what.path);
    const element = readElement(cursor, form);
    const origin = layout.chunk.map((size) => cursor.uint(8) * size);
    if (element.address === UNDEFINED || !origin.every(Number.isSafeInteger)) return;
    places.push(
      unfilteredEdge(layout, what, { ...element, length: element.length ?? chunkBytes(layout), origin }),
    );
  };
  const onDamage = (damage: Damage) => {
    throw damage;
  };
  walkTreeV2(metadata, address, what.filtered ? FILTERED_CHUNKS : PLAIN_CHUNKS, what.path, record, onDamage);
  return places;
}
