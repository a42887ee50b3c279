import type { Link } from "./links.js";
import { type Cursor, type Metadata, text } from "./metadata.js";
import { type OnDamage, walkTree } from "./tree.js";

/** Old-style groups: a B-tree over symbol table nodes, names in a local heap (HDF5 specification III.A to III.D). */
export function readSymbolTable(metadata: Metadata, body: Cursor, path: string, onDamage: OnDamage): Link[] {
  const tree = body.address();
  const names = readLocalHeap(metadata, body.address(), path);
  const links: Link[] = [];
  walkTree(metadata, tree, metadata.lengthSize, {
    type: 0,
    path,
    readKey: (cursor) => cursor.length(),
    leaf: (_key, address) => readNode(metadata, address, names, path, links),
    onDamage,
  });
  return links;
}

/** The names' bytes, with their place in the file. */
function readLocalHeap(metadata: Metadata, address: number, path: string): Cursor {
  const heap = metadata.block(
    address,
    8 + 2 * metadata.lengthSize + metadata.offsetSize,
    `the names in ${path}`,
  );
  heap.signature("HEAP");
  heap.version([0], "a local heap");
  heap.skip(3);
  const size = heap.length();
  heap.length();
  return metadata.blockUpTo(heap.address(), size, 1, `the names in ${path}`);
}

/** Cache type of an entry that is a soft link (III.C). */
const SOFT = 2;

function readNode(metadata: Metadata, address: number, names: Cursor, path: string, links: Link[]): void {
  const head = metadata.block(address, 8, `a part of the names of ${path}`);
  head.signature("SNOD");
  head.version([1], "a symbol table node");
  head.skip(1);
  const count = head.u16();
  const entry = 2 * metadata.offsetSize + 24;
  const node = metadata.blockUpTo(address + 8, count * entry, 0, `a part of the names of ${path}`);
  for (let i = 0; i < count; i++) {
    metadata.spend(1, path);
    const name = nameAt(names, node.uint(metadata.offsetSize));
    const header = node.address();
    const cache = node.u32();
    node.skip(4);
    const scratch = node.part(16);
    links.push(
      cache === SOFT
        ? { name, target: { kind: "soft", path: nameAt(names, scratch.u32()) } }
        : { name, target: { kind: "hard", address: header } },
    );
  }
}

function nameAt(names: Cursor, offset: number): string {
  names.position = 0;
  names.skip(offset);
  return text(names.bytes.subarray(offset));
}
