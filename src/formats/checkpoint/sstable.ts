import { type ByteSource, peek } from "../byte-source.js";
import { FormatError } from "../model-file.js";
import { maskedCrc32c } from "./crc32c.js";
import { uncompressSnappy } from "./snappy.js";
import { readVarint } from "./varint.js";

/** tensorflow/core/lib/io/format.h */
const FOOTER = 48;
const TRAILER = 5;
const MAGIC = [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb];

const LIMITS = {
  /** A table of ten million tensors is no model. */
  entries: 10_000_000,
  keyBytes: 65_536,
  blockBytes: 2 ** 31 - 1,
  /** Of a table without its end. */
  cutBytes: 64 * 2 ** 20,
} as const;

export interface TableEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

interface BlockHandle {
  readonly offset: number;
  readonly size: number;
}

/** True when the last bytes are a LevelDB table's: an `.index` file or a checkpoint of version 1. */
export function endsAsTable(source: ByteSource): boolean {
  if (source.size < FOOTER) return false;
  const tail = new Uint8Array(MAGIC.length);
  source.readSync(source.size - MAGIC.length, tail);
  return MAGIC.every((byte, i) => tail[i] === byte);
}

/**
 * All entries of a LevelDB table in key order, block by block (LevelDB, doc/table_format.md).
 * @throws FormatError F15 at the first block that is damaged.
 */
export function* readTable(source: ByteSource, where: string): Generator<TableEntry> {
  if (!endsAsTable(source)) {
    throw damaged(
      where,
      "it does not end with a table's footer, so its end is missing or it is no checkpoint index",
    );
  }
  const footer = new Uint8Array(FOOTER);
  source.readSync(source.size - FOOTER, footer);
  let entries = 0;
  try {
    const metaindex = readHandle(footer, 0);
    const index = readHandle(footer, metaindex.next);
    for (const block of blockEntries(readBlock(source, index.handle))) {
      const data = readBlock(source, readHandle(block.value, 0).handle);
      for (const entry of blockEntries(data)) {
        if (++entries > LIMITS.entries) throw new RangeError(`it has more than ${LIMITS.entries} entries`);
        yield entry;
      }
    }
  } catch (error) {
    if (error instanceof RangeError) throw damaged(where, error.message, error);
    throw error;
  }
}

function readHandle(bytes: Uint8Array, at: number): { handle: BlockHandle; next: number } {
  const offset = readVarint(bytes, at);
  const size = readVarint(bytes, offset.next);
  return { handle: { offset: offset.value, size: size.value }, next: size.next };
}

function readBlock(source: ByteSource, { offset, size }: BlockHandle): Uint8Array {
  if (size > LIMITS.blockBytes || offset + size + TRAILER > source.size) {
    throw new RangeError(`a block at byte ${offset} of ${size} bytes is not inside the file`);
  }
  const stored = new Uint8Array(size + TRAILER);
  source.readSync(offset, stored);
  const checksum = new DataView(stored.buffer).getUint32(size + 1, true);
  if (maskedCrc32c(stored.subarray(0, size + 1)) !== checksum) {
    throw new RangeError(`the block at byte ${offset} does not match its checksum`);
  }
  const compression = stored[size];
  const content = stored.subarray(0, size);
  if (compression === 0) return content;
  if (compression === 1) return uncompressSnappy(content);
  throw new RangeError(`the block at byte ${offset} has an unknown compression (${compression})`);
}

/** Keys share a prefix with the one before; the restart array at the end only serves seeking. */
function* blockEntries(block: Uint8Array): Generator<TableEntry> {
  if (block.length < 4) throw new RangeError("a block is shorter than its restart count");
  const restarts = new DataView(block.buffer, block.byteOffset).getUint32(block.length - 4, true);
  const end = block.length - 4 - 4 * restarts;
  if (end < 0) throw new RangeError("a block's restart array is larger than the block");
  yield* entriesUpTo(block, end);
}

function* entriesUpTo(block: Uint8Array, end: number): Generator<TableEntry> {
  let key = new Uint8Array(0);
  let at = 0;
  while (at < end) {
    const shared = readVarint(block, at);
    const unshared = readVarint(block, shared.next);
    const length = readVarint(block, unshared.next);
    const valueAt = length.next + unshared.value;
    if (shared.value > key.length) throw new RangeError("a key shares more than the key before it has");
    if (valueAt + length.value > end) throw new RangeError("an entry runs past its block");
    if (shared.value + unshared.value > LIMITS.keyBytes) throw new RangeError("a key is longer than 64 KiB");
    const next = new Uint8Array(shared.value + unshared.value);
    next.set(key.subarray(0, shared.value));
    next.set(block.subarray(length.next, valueAt), shared.value);
    key = next;
    at = valueAt + length.value;
    yield { key, value: block.subarray(valueAt, at) };
  }
}

/**
 * Whether bytes can be the beginning of a table whose end is missing: an entry without a key, whose value is a bundle's
 * header (field 1) or a list of tensors (field 1 of a message).
 */
export function startsAsTable(head: Uint8Array): boolean {
  if (head.length < 8 || head[0] !== 0 || head[1] !== 0) return false;
  let at = 2;
  while (at < 7 && head[at]! >= 0x80) at++;
  return head[at]! > 0 && (head[at + 1] === 0x08 || head[at + 1] === 0x0a);
}

/**
 * The entries that are whole at the beginning of a table whose end, with the list of its blocks, is missing. They are
 * not checked against a sum; only the first block can be told from what follows it.
 */
export function* readCutTable(source: ByteSource): Generator<TableEntry> {
  const bytes = peek(source, 0, LIMITS.cutBytes);
  let last: Uint8Array | null = null;
  try {
    for (const entry of entriesUpTo(bytes, bytes.length)) {
      // Keys ascend; what follows the block does not.
      if (last !== null && Buffer.compare(entry.key, last) <= 0) return;
      last = entry.key;
      yield entry;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}

/** F15: what TensorFlow calls an unreadable checkpoint. */
export function damaged(where: string, detail: string, cause?: unknown): FormatError {
  return new FormatError(
    {
      code: "F15",
      title: "The checkpoint cannot be read",
      where,
      detail,
      advice: "Copy the variables again from where the model was saved; the graph itself may still be shown.",
    },
    { cause },
  );
}
