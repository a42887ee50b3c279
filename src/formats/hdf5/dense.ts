import { type Damage, guarded } from "./failures.js";
import { FractalHeap } from "./fractal-heap.js";
import { type Link, readLink } from "./links.js";
import { CHECKSUM, type Cursor, type Metadata, UNDEFINED } from "./metadata.js";
import type { OnDamage } from "./tree.js";
import { walkTreeV2 } from "./tree-v2.js";

/** Largest block in which links lie (`H5Gpkg.h`). */
const LARGEST_BLOCK = 64 * 1024;

/** Node types of the indexes by name. */
const LINK_NAMES = 5;
const ATTRIBUTE_NAMES = 8;

/**
 * The links of a group that has too many for its header (link info message, HDF5 specification IV.A.2.c), by name.
 * @param looseBlocks blocks by the address of the heap that they say they belong to; read where the heap is damaged
 */
export function readDenseLinks(
  metadata: Metadata,
  body: Cursor,
  path: string,
  onDamage: OnDamage,
  looseBlocks: ReadonlyMap<number, readonly number[]> = new Map(),
): Link[] {
  body.version([0], "a link info message");
  if (body.u8() & 1) body.skip(8);
  const address = body.address();
  const index = body.address();
  const links = new Map<string, Link>();
  const add = (link: Link) => links.set(link.name, link);
  let damaged = false;
  const note = (damage: Damage) => {
    damaged = true;
    onDamage(damage);
  };
  guarded(note, () => readIndexed(metadata, { address, index, path }, note, add));
  if (damaged) for (const block of looseBlocks.get(address) ?? []) readBlock(metadata, block, path, add);
  return [...links.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readIndexed(
  metadata: Metadata,
  { address, index, path }: { address: number; index: number; path: string },
  onDamage: OnDamage,
  add: (link: Link) => void,
): void {
  if (address === UNDEFINED) return;
  const heap = new FractalHeap(metadata, address, path);
  const record = (cursor: Cursor) => {
    cursor.skip(4);
    add(readLink(heap.object(cursor)));
  };
  walkTreeV2(metadata, index, LINK_NAMES, path, record, onDamage);
}

/** Bytes of an offset in a heap of links, and of its blocks' checksum (`H5Gpkg.h`: heaps of 2^32 bytes). */
const LINK_HEAP_OFFSET = 4;

/** The links in a block of a heap, which lie one after the other until the first free byte. */
function readBlock(metadata: Metadata, address: number, path: string, add: (link: Link) => void): void {
  const head = 5 + metadata.offsetSize + LINK_HEAP_OFFSET + CHECKSUM;
  const block = metadata.blockUpTo(address, LARGEST_BLOCK, head, `the heap of ${path}`);
  block.skip(head);
  const toTheEnd = () => {
    for (;;) {
      metadata.spend(1, path);
      add(readLink(block));
    }
  };
  // What is no link is the end.
  guarded(() => undefined, toTheEnd);
}

/** The attribute messages of an object that has too many for its header (attribute info message, IV.A.2.v). */
export function readDenseAttributes(
  metadata: Metadata,
  body: Cursor,
  path: string,
  onDamage: OnDamage,
): Cursor[] {
  body.version([0], "an attribute info message");
  if (body.u8() & 1) body.skip(2);
  const { heap, index } = readPlaces(metadata, body, path);
  const messages: Cursor[] = [];
  if (!heap) return messages;
  const record = (cursor: Cursor) => {
    messages.push(heap.object(cursor.part(8)));
  };
  walkTreeV2(metadata, index, ATTRIBUTE_NAMES, path, record, onDamage);
  return messages;
}

function readPlaces(metadata: Metadata, body: Cursor, path: string) {
  const address = body.address();
  const index = body.address();
  return { index, heap: address === UNDEFINED ? null : new FractalHeap(metadata, address, path) };
}
