import { maskedCrc32c } from "../../../../src/formats/checkpoint/crc32c.js";

/** A LevelDB table of one block, as a test wants it: sound, or with lies in it. */
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

/** @param handle in place of the data block's own place */
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

function withTrailer(content: readonly number[]): number[] {
  const sum = maskedCrc32c(Uint8Array.from([...content, 0]));
  return [...content, 0, sum & 0xff, (sum >>> 8) & 0xff, (sum >>> 16) & 0xff, sum >>> 24];
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
