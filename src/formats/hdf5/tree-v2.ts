import { Damage, guarded } from "./failures.js";
import { LIMITS } from "./limits.js";
import { CHECKSUM, type Cursor, type Metadata, UNDEFINED } from "./metadata.js";
import type { OnDamage } from "./tree.js";

/** Bytes around a node's records: signature, version, type, checksum. */
const OVERHEAD = 10;

/** Bytes that hold the number `most`, as the library counts them. */
export function bytesFor(most: number): number {
  return Math.floor(Math.log2(Math.max(1, most)) / 8) + 1;
}

interface Header {
  readonly type: number;
  readonly nodeSize: number;
  readonly recordSize: number;
  readonly path: string;
  /** By level, 0 for leaves: bytes of a child's total number of records. */
  readonly totalSizes: readonly number[];
  readonly countSize: number;
  readonly record: (cursor: Cursor) => void;
  readonly onDamage: OnDamage;
}

/** Hands every record of a version 2 B-tree to `record` (HDF5 specification III.A.2). */
export function walkTreeV2(
  metadata: Metadata,
  address: number,
  type: number,
  path: string,
  record: (cursor: Cursor) => void,
  onDamage: OnDamage,
): void {
  if (address === UNDEFINED) return;
  const length = 22 + metadata.offsetSize + metadata.lengthSize;
  const cursor = metadata.block(address, length, `the index of ${path}`);
  cursor.signature("BTHD");
  cursor.version([0], "an index");
  if (cursor.u8() !== type) throw new Damage(address, `the index of ${path} is of the wrong kind`);
  const nodeSize = cursor.u32();
  const recordSize = cursor.u16();
  const depth = cursor.u16();
  cursor.skip(2);
  const root = cursor.address();
  const count = cursor.u16();
  if (depth > LIMITS.treeLevels || recordSize === 0 || nodeSize <= OVERHEAD + recordSize) {
    throw new Damage(address, `the index of ${path} cannot be as its header says`);
  }
  metadata.compareChecksum(address, length - CHECKSUM, `the index of ${path}`);
  metadata.occupy(address, length, `the index of ${path}`);
  const sizes = levelSizes(nodeSize, recordSize, depth, metadata.offsetSize);
  const header = { type, nodeSize, recordSize, path, ...sizes, record, onDamage };
  if (root !== UNDEFINED) readNode(metadata, header, root, count, depth, new Set());
}

function levelSizes(nodeSize: number, recordSize: number, depth: number, offsetSize: number) {
  const inLeaf = Math.floor((nodeSize - OVERHEAD) / recordSize);
  const countSize = bytesFor(inLeaf);
  const totalSizes = [0];
  let below = inLeaf;
  for (let level = 1; level <= depth; level++) {
    const pointer = offsetSize + countSize + totalSizes[level - 1]!;
    const inNode = Math.floor((nodeSize - OVERHEAD - pointer) / (recordSize + pointer));
    below = (inNode + 1) * below + inNode;
    totalSizes.push(bytesFor(below));
  }
  return { countSize, totalSizes };
}

function readNode(
  metadata: Metadata,
  header: Header,
  address: number,
  count: number,
  level: number,
  seen: Set<number>,
): void {
  metadata.spend(1 + count, header.path);
  if (seen.has(address)) throw new Damage(address, `the index of ${header.path} runs into itself`);
  seen.add(address);
  const node = metadata.block(address, header.nodeSize, `a part of the index of ${header.path}`);
  node.signature(level === 0 ? "BTLF" : "BTIN");
  node.version([0], "an index node");
  if (node.u8() !== header.type)
    throw new Damage(address, `a part of the index of ${header.path} is of the wrong kind`);
  const pointer = level === 0 ? 0 : metadata.offsetSize + header.countSize + header.totalSizes[level - 1]!;
  const used = node.position + count * header.recordSize + (level === 0 ? 0 : (count + 1) * pointer);
  metadata.compareChecksum(address, used, `a part of the index of ${header.path}`);
  metadata.occupy(address, header.nodeSize, `a part of the index of ${header.path}`);
  const fitting = Math.min(count, Math.floor((header.nodeSize - OVERHEAD) / header.recordSize));
  if (fitting < count)
    header.onDamage(new Damage(address, `a part of the index of ${header.path} holds more than it can`));
  for (let i = 0; i < fitting; i++)
    guarded(header.onDamage, () => header.record(node.part(header.recordSize)));
  if (level === 0) return;
  for (let i = 0; i <= count; i++) {
    const child = node.address();
    const records = node.uint(header.countSize);
    node.skip(header.totalSizes[level - 1]!);
    guarded(header.onDamage, () => readNode(metadata, header, child, records, level - 1, seen));
  }
}
