import type { ByteSource } from "../byte-source.js";
import { FOREIGN_PART, foreignPart } from "../foreign-part.js";
import {
  FormatError,
  type FormatFinding,
  type StoredWeight,
  type WeightArray,
  type WeightDtype,
} from "../model-file.js";
import { dtypeName, typeLabel } from "../proto/data-type.js";
import { decode } from "../proto/decode.js";
import { elementBytes, elementsFrom, emptyArray, swapBytes } from "../elements.js";
import {
  BundleEntryProtoSchema,
  BundleHeaderProtoSchema,
  DataType,
  type BundleEntryProto,
  type TensorShapeProto,
} from "../proto/tensorflow_pb.js";
import { checksumsDiffer } from "../checksums-differ.js";
import { openPart } from "../open-part.js";
import type { Folder } from "../saved-model/folder.js";
import { ownMemory, type TakeMemory } from "../take-memory.js";
import { crc32c, masked } from "./crc32c.js";
import { placeSlice, sliceExtents, sliceKey } from "./slices.js";
import { damaged, endsAsTable, readCutTable, readTable } from "./sstable.js";
import { readVarint } from "./varint.js";

/** Title of the finding for a file of the bundle that is not there. */
const SHARD_MISSING = "A shard of the weights is missing";

/** More shards than any trainer writes. */
const SHARDS = 10_000;

/**
 * A TensorFlow checkpoint of version 2: `PREFIX.index` and its shards `PREFIX.data-0000N-of-0000M`
 * (tensorflow/core/util/tensor_bundle). Opening reads the index; tensors are read when asked for.
 */
export interface TensorBundle {
  /** By checkpoint key, in the order of the index. */
  readonly tensors: ReadonlyMap<string, StoredWeight>;
  readonly findings: readonly FormatFinding[];
  /** Bytes of index and shards together. */
  readonly size: number;
  /** The elements of a string tensor as the bytes that they are; null when there is no such tensor. */
  readStrings(key: string): Uint8Array[] | null;
  /** Whether tensors whose bytes do not match their checksums are read as they stand; first they are not. */
  takeChanged(yes: boolean): void;
  close(): void;
}

/**
 * Opens the bundle `prefix` (`variables/variables`) of a folder.
 * @throws FormatError F15 when the index is missing or damaged.
 */
export function openTensorBundle(folder: Folder, prefix: string): TensorBundle {
  const where = `${prefix}.index`;
  const index = folder.open(where);
  if (index === null) throw damaged(where, "the file does not exist");
  try {
    const foreign = foreignPart(where, index);
    if (foreign) throw new FormatError(foreign);
    return new OpenBundle(folder, prefix, index);
  } finally {
    index.close();
  }
}

class OpenBundle implements TensorBundle {
  readonly tensors = new Map<string, StoredWeight>();
  readonly findings: FormatFinding[] = [];
  size: number;
  private readonly entries = new Map<string, BundleEntryProto>();
  private readonly shards: (ByteSource | null)[] = [];
  private bigEndian = false;
  private takesChanged = false;

  constructor(
    folder: Folder,
    private readonly prefix: string,
    index: ByteSource,
  ) {
    this.size = index.size;
    const shardCount = this.readIndex(index);
    for (let n = 0; n < shardCount; n++) this.openShard(folder, n, shardCount);
    for (const [key, entry] of this.entries) {
      // The pieces of a partitioned variable have keys of their own, which start with a zero byte.
      if (!key.startsWith("\0")) this.addTensor(key, entry);
    }
    this.reportLosses();
  }

  private readIndex(index: ByteSource): number {
    const where = `${this.prefix}.index`;
    let shardCount: number | null = null;
    if (index.size === 0) throw damaged(where, "it is empty (0 bytes)");
    const cut = !endsAsTable(index);
    if (cut) this.findings.push(cutIndex(where, index.size));
    for (const { key, value } of cut ? readCutTable(index) : readTable(index, where)) {
      if (shardCount === null) {
        if (key.length > 0) throw damaged(where, "its first entry is not a bundle header");
        const header = decode(BundleHeaderProtoSchema, value, where);
        this.bigEndian = header.endianness === 1;
        shardCount = header.numShards;
      } else {
        this.entries.set(keyText(key), decode(BundleEntryProtoSchema, value, where));
      }
    }
    if (shardCount === null)
      throw damaged(where, cut ? "its end is missing, and nothing is whole" : "it holds no bundle header");
    if (shardCount < 0 || shardCount > SHARDS) throw damaged(where, `it declares ${shardCount} shards`);
    return shardCount;
  }

  private openShard(folder: Folder, n: number, count: number): void {
    const name = `${this.prefix}.data-${digits(n)}-of-${digits(count)}`;
    const before = this.findings.length;
    const shard = openPart(folder, name, count, (foreign) => this.findings.push(foreign));
    this.shards.push(shard);
    this.size += shard?.size ?? 0;
    if (shard !== null || this.findings.length > before) return;
    this.findings.push({
      code: "F15",
      title: SHARD_MISSING,
      where: name,
      detail: `the index names ${count} shard${count === 1 ? "" : "s"}; this one does not exist`,
      advice: `Copy ${name} next to the index; the tensors of the other shards can be read.`,
    });
  }

  private addTensor(key: string, entry: BundleEntryProto): void {
    const where = `${this.prefix}.index: ${key}`;
    const dtype = dtypeName(entry.dtype);
    if (dtype === null) {
      this.findings.push(unreadable(where, `its elements are of type ${typeLabel(entry.dtype)}`));
      return;
    }
    try {
      const shape = shapeOf(entry.shape);
      const byteLength = entry.slices.length > 0 ? sizeOf(shape) * elementBytes(dtype) : Number(entry.size);
      if (
        dtype !== "string" &&
        entry.slices.length === 0 &&
        sizeOf(shape) * elementBytes(dtype) !== byteLength
      ) {
        throw new RangeError(
          `it declares shape [${shape.join(", ")}] of ${dtype} but stores ${byteLength} bytes`,
        );
      }
      this.tensors.set(key, {
        name: key,
        path: key,
        shape,
        dtype,
        byteLength,
        ...(entry.slices.length === 0 && this.shards.length === 1
          ? { byteOffset: Number(entry.offset) }
          : {}),
        whole: this.pieces(key, entry, shape, dtype).every((piece) => this.inside(piece)),
        read: (take) => this.readOrSay(key, entry, shape, take),
      });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.findings.push(unreadable(where, error.message));
    }
  }

  /** The entries that hold a tensor's bytes: itself, or one for each slice; together they cover the tensor. */
  private pieces(
    key: string,
    entry: BundleEntryProto,
    shape: readonly number[],
    dtype: WeightDtype,
  ): BundleEntryProto[] {
    if (entry.slices.length === 0) return [entry];
    const name = new TextEncoder().encode(key);
    let covered = 0;
    const pieces = entry.slices.map((slice) => {
      const piece = this.entries.get(keyText(sliceKey(name, slice)));
      if (piece === undefined) throw new RangeError("one of its slices is not in the index");
      const elements = sizeOf(sliceExtents(slice, shape).map(({ length }) => length));
      if (Number(piece.size) !== elements * elementBytes(dtype))
        throw new RangeError(`a slice of ${elements} elements stores ${piece.size} bytes`);
      covered += elements;
      return piece;
    });
    if (covered === sizeOf(shape)) return pieces;
    throw new RangeError(`its slices hold ${covered} of ${sizeOf(shape)} elements`);
  }

  private inside(entry: BundleEntryProto): boolean {
    const shard = this.shards[entry.shardId];
    if (!shard) return false;
    return entry.offset >= 0n && entry.size >= 0n && Number(entry.offset + entry.size) <= shard.size;
  }

  private async readOrSay(
    key: string,
    entry: BundleEntryProto,
    shape: readonly number[],
    take: TakeMemory = ownMemory,
  ): Promise<WeightArray> {
    try {
      return await this.read(key, entry, shape, take);
    } catch (error) {
      if (error instanceof RangeError) throw this.damagedTensor(key, error.message);
      throw error;
    }
  }

  private async read(
    key: string,
    entry: BundleEntryProto,
    shape: readonly number[],
    take: TakeMemory,
  ): Promise<WeightArray> {
    const dtype = dtypeName(entry.dtype)!;
    if (dtype === "string") {
      return this.readStrings(key)!.map((bytes) => new TextDecoder().decode(bytes));
    }
    if (entry.slices.length === 0) return elementsFrom(await this.readBytes(key, entry, take), dtype);
    const whole = emptyArray(dtype, sizeOf(shape));
    for (const [i, piece] of this.pieces(key, entry, shape, dtype).entries()) {
      const part = elementsFrom(await this.readBytes(key, piece, ownMemory), dtype);
      placeSlice(whole, shape, part, sliceExtents(entry.slices[i]!, shape));
    }
    return whole;
  }

  private async readBytes(key: string, entry: BundleEntryProto, take: TakeMemory): Promise<Uint8Array> {
    const bytes = this.allocate(key, entry, take);
    const sum = await readAndSum(this.shards[entry.shardId]!, Number(entry.offset), bytes);
    if (masked(sum) !== entry.crc32c && !this.takesChanged) throw this.changed(key);
    const dtype = dtypeName(entry.dtype)!;
    if (this.bigEndian) swapBytes(bytes, elementBytes(dtype) / (dtype.startsWith("complex") ? 2 : 1));
    return bytes;
  }

  private allocate(key: string, entry: BundleEntryProto, take: TakeMemory): Uint8Array {
    if (!this.inside(entry)) {
      throw this.damagedTensor(key, `its ${entry.size} bytes at ${entry.offset} are not in the file`);
    }
    return take(Number(entry.size));
  }

  /** Lengths as varints, their checksum, then the bytes of all elements (`WriteStringTensor`). */
  readStrings(key: string): Uint8Array[] | null {
    const entry = this.entries.get(key);
    if (entry === undefined || entry.dtype !== DataType.DT_STRING) return null;
    const bytes = this.allocate(key, entry, ownMemory);
    this.shards[entry.shardId]!.readSync(Number(entry.offset), bytes);
    const count = sizeOf(shapeOf(entry.shape));
    if (count > bytes.length) throw this.damagedTensor(key, "it declares more elements than bytes");
    try {
      const lengths: number[] = [];
      let at = 0;
      for (let i = 0; i < count; i++) {
        const length = readVarint(bytes, at);
        lengths.push(length.value);
        at = length.next;
      }
      const stored = bytes.subarray(at);
      at += 4;
      const elements = lengths.map((length) => {
        if (at + length > bytes.length) throw new RangeError("an element runs past the tensor");
        return bytes.subarray(at, (at += length));
      });
      if (stringsSum(lengths, stored) !== entry.crc32c && !this.takesChanged) throw this.changed(key);
      return elements;
    } catch (error) {
      if (error instanceof RangeError) throw this.damagedTensor(key, error.message);
      throw error;
    }
  }

  takeChanged(yes: boolean): void {
    this.takesChanged = yes;
  }

  private changed(key: string): FormatError {
    const what = `the bytes of ${key} do not match their checksum (CRC-32C)`;
    return new FormatError(checksumsDiffer(`${this.prefix}.data`, what, "its values"));
  }

  private damagedTensor(key: string, detail: string): Error {
    return damaged(`${this.prefix}.data: ${key}`, detail);
  }

  /** A missing shard is told before, and what it held here; what is behind a shard's end apart. */
  private reportLosses(): void {
    const lost = [...this.tensors.values()].filter((tensor) => !tensor.whole);
    const inMissing = lost.filter(({ name }) => this.shardsOf(name).some((shard) => shard === null));
    const cut = lost.filter((tensor) => !inMissing.includes(tensor));
    if (inMissing.length > 0)
      this.findings.push(this.loss(inMissing, "F15", "they are in a shard that is missing"));
    if (cut.length > 0)
      this.findings.push(this.loss(cut, "F03", "their bytes are beyond the end of the file"));
  }

  /** The shards that hold a tensor or a piece of it; null for one that is missing. */
  private shardsOf(key: string): (ByteSource | null)[] {
    const entry = this.entries.get(key)!;
    const { shape } = this.tensors.get(key)!;
    const pieces = this.pieces(key, entry, shape, dtypeName(entry.dtype)!);
    return pieces.flatMap(({ shardId }) => this.shards[shardId] ?? (shardId in this.shards ? null : []));
  }

  private loss(lost: readonly StoredWeight[], code: string, why: string): FormatFinding {
    const names = lost.slice(0, 5).map(({ name }) => name);
    return {
      code,
      title: `${lost.length} of ${this.tensors.size} tensors are ${code === "F15" ? "missing" : "not whole"}`,
      where: `${this.prefix}.data`,
      detail: `${why}: ${names.join(", ")}${lost.length > 5 ? ", ..." : ""}`,
      advice: "Copy the variables again; the other tensors can be read.",
    };
  }

  close(): void {
    for (const shard of this.shards) shard?.close();
  }
}

/** Sums the lengths, as numbers of 4 bytes or, for long strings, 8; then what stands behind them. */
function stringsSum(lengths: readonly number[], rest: Uint8Array): number {
  let sum = 0;
  for (const length of lengths) {
    const wide = length > 0xffffffff;
    const bytes = new Uint8Array(wide ? 8 : 4);
    const view = new DataView(bytes.buffer);
    if (wide) view.setBigUint64(0, BigInt(length), true);
    else view.setUint32(0, length, true);
    sum = crc32c(bytes, sum);
  }
  return masked(crc32c(rest, sum));
}

/** Read in pieces of this size, each summed while the next one is read. */
const PIECE = 8 * 2 ** 20;

/** Fills `target`. @returns the checksum of its bytes */
async function readAndSum(source: ByteSource, offset: number, target: Uint8Array): Promise<number> {
  let sum = 0;
  let read = target.subarray(0, 0);
  for (let at = 0; at < target.length; at += PIECE) {
    const piece = target.subarray(at, at + PIECE);
    const reading = source.read(offset + at, piece);
    sum = crc32c(read, sum);
    await reading;
    read = piece;
  }
  return crc32c(read, sum);
}

function cutIndex(where: string, size: number): FormatFinding {
  return {
    code: "F03",
    title: "The checkpoint's index is cut off",
    where: `${where}, byte ${size}`,
    detail:
      "its end is missing; the tensors whose entries are whole can be read, the names of the others are lost",
    advice: "Copy the index again; what is whole can be used meanwhile.",
  };
}

function unreadable(where: string, detail: string): FormatFinding {
  return {
    code: "F15",
    title: "A tensor of the checkpoint is left out",
    where,
    detail,
    advice: "The other tensors can be read.",
  };
}

/** @throws RangeError for an unknown or negative dimension, or more than 2^53 elements. */
export function shapeOf(shape: TensorShapeProto | undefined): number[] {
  if (shape === undefined) return [];
  const dims = shape.dim.map((dim) => Number(dim.size));
  if (shape.unknownRank || dims.some((size) => size < 0)) throw new RangeError("its shape is not known");
  sizeOf(dims);
  return dims;
}

function sizeOf(shape: readonly number[]): number {
  const size = shape.reduce((n, dim) => n * dim, 1);
  if (size > Number.MAX_SAFE_INTEGER)
    throw new RangeError(`its shape [${shape.join(", ")}] is beyond 2^53 elements`);
  return size;
}

/** Slice keys are binary: they stay one character a byte. Names are UTF-8. */
function keyText(key: Uint8Array): string {
  return key[0] === 0 ? Buffer.from(key).toString("latin1") : new TextDecoder().decode(key);
}

function digits(n: number): string {
  return String(n).padStart(5, "0");
}

/** That a checkpoint's list of objects cannot be read; nothing where that follows from a missing shard, which is told. */
export function objectsUnread(error: FormatError, bundle: TensorBundle, advice: string): FormatFinding[] {
  if (bundle.findings.some(({ title }) => title === SHARD_MISSING || title === FOREIGN_PART)) return [];
  return [{ ...error.finding, title: "The checkpoint's list of objects cannot be read", advice }];
}
