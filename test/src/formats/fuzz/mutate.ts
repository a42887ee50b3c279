import type { Seed } from "./seeds.js";
import { changeStructure, type Spoil } from "./structure.js";

/** Numbers between 0 and 1, the same for the same start (mulberry32). */
export function random(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Change = (bytes: Buffer, pick: (below: number) => number, other: Uint8Array) => Buffer;

/** Values at the edges of what fields hold. */
const EDGES = [
  0n,
  1n,
  0x7fn,
  0x80n,
  0xffn,
  0x7fffn,
  0xffffn,
  0x7fffffffn,
  0xffffffffn,
  2n ** 53n,
  2n ** 63n - 1n,
  2n ** 64n - 1n,
];

const CHANGES: readonly Change[] = [
  function flipBit(bytes, pick) {
    const at = pick(bytes.length);
    bytes[at] = bytes[at]! ^ (1 << pick(8));
    return bytes;
  },
  function setByte(bytes, pick) {
    bytes[pick(bytes.length)] = pick(256);
    return bytes;
  },
  function setEdge(bytes, pick) {
    const value = Buffer.alloc(8);
    value.writeBigUInt64LE(EDGES[pick(EDGES.length)]!);
    value.copy(bytes, pick(bytes.length), 0, 1 << pick(4));
    return bytes;
  },
  function cut(bytes, pick) {
    return bytes.subarray(0, pick(bytes.length));
  },
  function copyWithin(bytes, pick) {
    bytes.copyWithin(pick(bytes.length), pick(bytes.length), pick(bytes.length));
    return bytes;
  },
  function splice(bytes, pick, other) {
    const from = pick(other.length);
    Buffer.from(other.subarray(from, from + 1 + pick(64))).copy(bytes, pick(bytes.length));
    return bytes;
  },
  function insert(bytes, pick) {
    const at = pick(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), Buffer.alloc(1 + pick(16), pick(256)), bytes.subarray(at)]);
  },
];

/** A seed with one to four changes in one of its files: of bytes, or of what they mean. */
export function mutate(seeds: readonly Seed[], next: () => number): Seed {
  const pick = (below: number) => Math.floor(next() * below);
  const seed = seeds[pick(seeds.length)]!;
  const other = [...seeds[pick(seeds.length)]!.values()][0]!;
  const names = [...seed.keys()];
  const name = names[pick(names.length)]!;
  const spoil: Spoil = (bytes) =>
    bytes.length === 0 ? bytes : Buffer.from(CHANGES[pick(CHANGES.length)]!(Buffer.from(bytes), pick, other));
  let bytes: Buffer = Buffer.from(seed.get(name)!);
  for (let i = 1 + pick(4); i > 0 && bytes.length > 0; i--)
    bytes = (pick(2) === 0 ? changeStructure(bytes, pick, spoil) : null) ?? spoil(bytes);
  return new Map([...seed, [name, bytes]]);
}
