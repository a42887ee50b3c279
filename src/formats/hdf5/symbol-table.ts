import { Damage, guarded } from "./failures.js";
import type { Link } from "./links.js";
import { type Cursor, type Metadata, text } from "./metadata.js";
import { type OnDamage, walkTree } from "./tree.js";

/** What a group's symbol table message leads to. */
export interface SymbolTable {
  readonly tree: number;
  readonly heap: number;
}

/** An entry of a group; its name is null where the bytes that hold it are lost. */
export interface SymbolEntry {
  readonly name: string | null;
  /** Where the name stands in the group's heap. */
  readonly place: number;
  readonly target: Link["target"];
}

export function readSymbolTablePlaces(body: Cursor): SymbolTable {
  return { tree: body.address(), heap: body.address() };
}

/**
 * Old-style groups: a B-tree over symbol table nodes, names in a local heap (HDF5 specification III.A to III.D).
 * @param loose nodes that no tree leads to and that are known to belong to this group
 */
export function readSymbolTable(
  metadata: Metadata,
  { tree, heap }: SymbolTable,
  path: string,
  onDamage: OnDamage,
  loose: readonly number[] = [],
): SymbolEntry[] {
  const names = readNames(metadata, heap, path, onDamage);
  const entries: SymbolEntry[] = [];
  const read = (address: number) => entries.push(...readNode(metadata, address, names, path, onDamage));
  guarded(onDamage, () => walkNodes(metadata, tree, path, onDamage, read));
  for (const address of loose) guarded(onDamage, () => read(address));
  if (names !== null && entries.some(({ name }) => name === null))
    onDamage(new Damage(names.byte, `some of the names in ${path} are lost`));
  return entries;
}

/** Hands the address of each node of a group's tree to `node`. */
export function walkNodes(
  metadata: Metadata,
  tree: number,
  path: string,
  onDamage: OnDamage,
  node: (address: number) => void,
): void {
  walkTree(metadata, tree, metadata.lengthSize, {
    type: 0,
    path,
    readKey: (cursor) => cursor.length(),
    leaf: (_key, address) => node(address),
    onDamage,
  });
}

function readNames(metadata: Metadata, heap: number, path: string, onDamage: OnDamage): Cursor | null {
  let names: Cursor | null = null;
  guarded(onDamage, () => (names = readLocalHeap(metadata, heap, path)));
  return names;
}

/** The names' bytes, with their place in the file. */
export function readLocalHeap(metadata: Metadata, address: number, path: string): Cursor {
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
  const place = heap.address();
  const names = metadata.blockUpTo(place, size, 1, `the names in ${path}`);
  metadata.occupy(address, heap.position, `the names in ${path}`);
  metadata.occupy(place, names.left, `the names in ${path}`);
  return names;
}

/** Cache type of an entry that is a soft link (III.C). */
const SOFT = 2;

export function readNode(
  metadata: Metadata,
  address: number,
  names: Cursor | null,
  path: string,
  onDamage: OnDamage,
): SymbolEntry[] {
  const head = metadata.block(address, 8, `a part of the names of ${path}`);
  head.signature("SNOD");
  head.version([1], "a symbol table node");
  head.skip(1);
  const count = head.u16();
  const entry = 2 * metadata.offsetSize + 24;
  const node = metadata.blockUpTo(address + 8, count * entry, 0, `a part of the names of ${path}`);
  metadata.occupy(address, 8 + node.left, `a part of the names of ${path}`);
  const entries: SymbolEntry[] = [];
  for (let i = 0; i < count && node.left >= entry; i++) {
    metadata.spend(1, path);
    const place = node.uint(metadata.offsetSize);
    const name = nameAt(names, place);
    const header = node.address();
    const cache = node.u32();
    node.skip(4);
    const scratch = node.part(16);
    if (cache !== SOFT) entries.push({ name, place, target: { kind: "hard", address: header } });
    else {
      const to = nameAt(names, scratch.u32());
      if (name !== null && to !== null) entries.push({ name, place, target: { kind: "soft", path: to } });
      else onDamage(new Damage(node.byte, `the name of a soft link in ${path} is lost`));
    }
  }
  if (entries.length < count && node.left < entry)
    onDamage(new Damage(node.byte, `the file ends inside a part of the names of ${path}`));
  return entries;
}

/** The name at a place of the heap; null where its bytes, or its end, are not there. */
function nameAt(names: Cursor | null, place: number): string | null {
  if (names === null || place >= names.bytes.byteLength || !names.bytes.includes(0, place)) return null;
  return text(names.bytes.subarray(place)) || null;
}
