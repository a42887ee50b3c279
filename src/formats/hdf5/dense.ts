import { FractalHeap } from "./fractal-heap.js";
import { type Link, readLink } from "./links.js";
import { type Cursor, type Metadata, UNDEFINED } from "./metadata.js";
import type { OnDamage } from "./tree.js";
import { walkTreeV2 } from "./tree-v2.js";

/** Node types of the indexes by name. */
const LINK_NAMES = 5;
const ATTRIBUTE_NAMES = 8;

/** The links of a group that has too many for its header (link info message, HDF5 specification IV.A.2.c), by name. */
export function readDenseLinks(metadata: Metadata, body: Cursor, path: string, onDamage: OnDamage): Link[] {
  body.version([0], "a link info message");
  if (body.u8() & 1) body.skip(8);
  const { heap, index } = readPlaces(metadata, body, path);
  const links: Link[] = [];
  if (!heap) return links;
  const record = (cursor: Cursor) => {
    cursor.skip(4);
    links.push(readLink(heap.object(cursor)));
  };
  walkTreeV2(metadata, index, LINK_NAMES, path, record, onDamage);
  return links.sort((a, b) => (a.name < b.name ? -1 : 1));
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
