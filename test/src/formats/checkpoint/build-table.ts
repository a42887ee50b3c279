import { maskedCrc32c } from "../../../../src/formats/checkpoint/crc32c.js";

/** An entry of a LevelDB table, as a test wants it: sound, or with lies in it. */
export interface RawEntry {
  readonly shared: number;
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  /** Length that is written in place of the value's own. */
  readonly claimed?: number;
}

const MAGIC = [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb];

export function entry(key: string | Uint8Array, value: Uint8Array): RawEntry {
  return { shared: 0, key: typeof key === "string" ? new TextEncoder().encode(key) : key, value };
}

/** A table of one block. @param handle in place of the data block's own place */
export function buildTable(
  entries: readonly RawEntry[],
  handle?: { offset: number; size: number },
): Uint8Array {
  const data = block(entries);
  const index = block([
    { shared: 0, key: Uint8Array.of(0xff), value: handleBytes(handle ?? { offset: 0, size: data.length }) },
  ]);
  const stored = [...withTrailer(data), ...withTrailer(index)];
  const footer = [
    ...handleBytes({ offset: 0, size: 0 }),
    ...handleBytes({ offset: data.length + 5, size: index.length }),
  ];
  while (footer.length < 40) footer.push(0);
  return Uint8Array.from([...stored, ...footer, ...MAGIC]);
}

/** A table of several blocks, each stored as Snappy packs it. */
export function buildPackedTable(blocks: readonly (readonly RawEntry[])[]): Uint8Array {
  const stored: number[] = [];
  const places = blocks.map((entries) => {
    const packed = packSnappy(Uint8Array.from(block(entries)));
    const place = { offset: stored.length, size: packed.length };
    for (const byte of withTrailer(packed, SNAPPY)) stored.push(byte);
    return { shared: 0, key: entries.at(-1)!.key, value: handleBytes(place) };
  });
  const index = packSnappy(Uint8Array.from(block(places)));
  const footer = [
    ...handleBytes({ offset: 0, size: 0 }),
    ...handleBytes({ offset: stored.length, size: index.length }),
  ];
  while (footer.length < 40) footer.push(0);
  return Uint8Array.from([...stored, ...withTrailer(index, SNAPPY), ...footer, ...MAGIC]);
}

const SNAPPY = 1;
const SHORTEST = 4;
const FARTHEST = 65_535;

/** Snappy's format with literals and copies of two-byte distances (format_description.txt, 2.1 and 2.2.2). */
export function packSnappy(bytes: Uint8Array): number[] {
  const out = varint(bytes.length);
  const seen = new Map<string, number>();
  let literal = 0;
  const flush = (end: number) => {
    for (; literal < end; literal += 60) {
      const run = bytes.subarray(literal, Math.min(end, literal + 60));
      out.push((run.length - 1) << 2, ...run);
    }
    literal = end;
  };
  for (let at = 0; at + SHORTEST <= bytes.length;) {
    const key = bytes.subarray(at, at + SHORTEST).join();
    const from = seen.get(key);
    seen.set(key, at);
    if (from === undefined || at - from > FARTHEST) {
      at++;
      continue;
    }
    let length = SHORTEST;
    while (length < 64 && bytes[at + length] === bytes[from + length] && at + length < bytes.length) length++;
    flush(at);
    out.push(((length - 1) << 2) | 2, (at - from) & 0xff, (at - from) >> 8);
    at += length;
    literal = at;
  }
  flush(bytes.length);
  return out;
}

function block(entries: readonly RawEntry[]): number[] {
  const bytes = entries.flatMap(({ shared, key, value, claimed }) => [
    ...varint(shared),
    ...varint(key.length),
    ...varint(claimed ?? value.length),
    ...key,
    ...value,
  ]);
  return [...bytes, 0, 0, 0, 0, 1, 0, 0, 0];
}

function withTrailer(content: readonly number[], kind = 0): number[] {
  const sum = maskedCrc32c(Uint8Array.from([...content, kind]));
  return [...content, kind, sum & 0xff, (sum >>> 8) & 0xff, (sum >>> 16) & 0xff, sum >>> 24];
}

function handleBytes({ offset, size }: { offset: number; size: number }): Uint8Array {
  return Uint8Array.from([...varint(offset), ...varint(size)]);
}

export function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) | 0x80);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}
