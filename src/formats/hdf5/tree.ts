import { Damage } from "./failures.js";
import { LIMITS } from "./limits.js";
import { type Cursor, type Metadata, UNDEFINED } from "./metadata.js";

/** Called when a part of a structure is damaged; the rest is still read. */
export type OnDamage = (damage: Damage) => void;

export interface TreeWalk<Key> {
  /** 0 for groups, 1 for chunks. */
  readonly type: 0 | 1;
  /** What the tree belongs to, for messages. */
  readonly path: string;
  readKey(cursor: Cursor): Key;
  /** One entry of a leaf. */
  leaf(key: Key, address: number): void;
  onDamage: OnDamage;
}

/** Walks a version 1 B-tree in order (HDF5 specification III.A.1). Loops and depth are refused as damage. */
export function walkTree<Key>(metadata: Metadata, root: number, keySize: number, walk: TreeWalk<Key>): void {
  if (root === UNDEFINED) return;
  visit(metadata, root, null, keySize, walk, new Set(), 0);
}

function visit<Key>(
  metadata: Metadata,
  address: number,
  level: number | null,
  keySize: number,
  walk: TreeWalk<Key>,
  seen: Set<number>,
  depth: number,
): void {
  metadata.spend(1, walk.path);
  if (seen.has(address)) throw new Damage(address, `the tree of ${walk.path} runs into itself`);
  if (depth > LIMITS.treeLevels) throw new Damage(address, `the tree of ${walk.path} is too deep`);
  seen.add(address);
  const node = metadata.block(address, 8 + 2 * metadata.offsetSize, `a part of the tree of ${walk.path}`);
  node.signature("TREE");
  const type = node.u8();
  const ownLevel = node.u8();
  if (type !== walk.type || (level !== null && ownLevel !== level)) {
    throw new Damage(node.start, `a tree node of ${walk.path} is of the wrong kind`);
  }
  const count = node.u16();
  const size = count * (keySize + metadata.offsetSize);
  const entries = metadata.block(
    address + 8 + 2 * metadata.offsetSize,
    size,
    `a part of the tree of ${walk.path}`,
  );
  metadata.occupy(address, entries.start + size - node.start, `a part of the tree of ${walk.path}`);
  for (let i = 0; i < count; i++) {
    metadata.spend(1, walk.path);
    const key = walk.readKey(entries);
    const child = entries.address();
    try {
      if (ownLevel === 0) walk.leaf(key, child);
      else visit(metadata, child, ownLevel - 1, keySize, walk, seen, depth + 1);
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      walk.onDamage(error);
    }
  }
}
