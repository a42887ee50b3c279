import fs from "node:fs";
import { ownMemory, type TakeMemory } from "./take-memory.js";

/** Random access to the bytes of one opened file. Nothing else on the machine can be reached through it. */
export interface ByteSource {
  /** Length in bytes. */
  readonly size: number;
  /**
   * Fills `target` with the bytes from `offset` on.
   * @throws RangeError when the range is not inside the source.
   */
  readSync(offset: number, target: Uint8Array): void;
  /** As `readSync`, without holding up the event loop. */
  read(offset: number, target: Uint8Array): Promise<void>;
  /** The bytes of a range where they lie in memory that nobody else changes; only sources that unpack have this. */
  view?(offset: number, length: number): Promise<Uint8Array>;
  close(): void;
}

/** One read call takes at most this many bytes: Node's own limit is 2 GiB - 1. */
const PIECE = 1 << 30;
/** Up to this many bytes are sooner here than a thread of Node's pool is asked for them. */
const AT_ONCE = 64 * 1024;
/** Longer ranges are read by as many threads as Node's pool has: each fills the pages of its part. */
const THREADS = 4;
const SHARE = 1 << 20;

/** The bytes of a file on disk, through a descriptor that is opened once. */
export class FileSource implements ByteSource {
  readonly size: number;
  private open = true;

  private constructor(private readonly descriptor: number) {
    this.size = fs.fstatSync(descriptor).size;
  }

  /** @throws the system's error (`ENOENT`, `EACCES`, ...) when the file cannot be opened for reading. */
  static open(path: string): FileSource {
    return new FileSource(fs.openSync(path, "r"));
  }

  readSync(offset: number, target: Uint8Array): void {
    checkRange(this, offset, target.byteLength);
    let done = 0;
    while (done < target.byteLength) {
      const length = Math.min(PIECE, target.byteLength - done);
      const count = fs.readSync(this.descriptor, target, done, length, offset + done);
      if (count === 0) throw shrunk(offset + done);
      done += count;
    }
  }

  async read(offset: number, target: Uint8Array): Promise<void> {
    const { byteLength } = target;
    if (byteLength <= AT_ONCE) return this.readSync(offset, target);
    checkRange(this, offset, byteLength);
    const shares = Math.min(THREADS, Math.ceil(byteLength / SHARE));
    const share = Math.ceil(byteLength / shares / SHARE) * SHARE;
    const reads: Promise<void>[] = [];
    for (let at = 0; at < byteLength; at += share)
      reads.push(this.readShare(offset + at, target.subarray(at, at + share)));
    // All of them have ended before the caller may close the file.
    const failed = (await Promise.allSettled(reads)).find((read) => read.status === "rejected");
    if (failed) throw failed.reason;
  }

  private async readShare(offset: number, target: Uint8Array): Promise<void> {
    let done = 0;
    while (done < target.byteLength) {
      const length = Math.min(PIECE, target.byteLength - done);
      const count = await this.readPiece(target, done, length, offset + done);
      if (count === 0) throw shrunk(offset + done);
      done += count;
    }
  }

  private readPiece(target: Uint8Array, at: number, length: number, position: number): Promise<number> {
    return new Promise((resolve, reject) => {
      fs.read(this.descriptor, target, at, length, position, (error, count) =>
        error ? reject(error) : resolve(count),
      );
    });
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    fs.closeSync(this.descriptor);
  }
}

/** Bytes that are already in memory. */
export class MemorySource implements ByteSource {
  readonly size: number;

  constructor(private readonly bytes: Uint8Array) {
    this.size = bytes.byteLength;
  }

  readSync(offset: number, target: Uint8Array): void {
    checkRange(this, offset, target.byteLength);
    target.set(this.bytes.subarray(offset, offset + target.byteLength));
  }

  async read(offset: number, target: Uint8Array): Promise<void> {
    this.readSync(offset, target);
  }

  close(): void {
    // Memory is given back by the collector.
  }
}

/** A part of another source, e.g. a member that lies uncompressed in a zip. Closing it leaves the other open. */
export class SliceSource implements ByteSource {
  constructor(
    private readonly whole: ByteSource,
    private readonly start: number,
    readonly size: number,
  ) {}

  readSync(offset: number, target: Uint8Array): void {
    checkRange(this, offset, target.byteLength);
    this.whole.readSync(this.start + offset, target);
  }

  async read(offset: number, target: Uint8Array): Promise<void> {
    checkRange(this, offset, target.byteLength);
    await this.whole.read(this.start + offset, target);
  }

  close(): void {
    // The owner of the whole closes it.
  }
}

/** Several sources one after the other, e.g. the parts in which a model's weights are stored. */
export class JoinedSource implements ByteSource {
  readonly size: number;

  constructor(private readonly parts: readonly ByteSource[]) {
    this.size = parts.reduce((sum, part) => sum + part.size, 0);
  }

  readSync(offset: number, target: Uint8Array): void {
    checkRange(this, offset, target.byteLength);
    for (const { part, from, piece } of this.pieces(offset, target)) part.readSync(from, piece);
  }

  async read(offset: number, target: Uint8Array): Promise<void> {
    checkRange(this, offset, target.byteLength);
    for (const { part, from, piece } of this.pieces(offset, target)) await part.read(from, piece);
  }

  private *pieces(offset: number, target: Uint8Array) {
    let start = 0;
    for (const part of this.parts) {
      const from = Math.max(0, offset - start);
      const to = Math.min(part.size, offset + target.byteLength - start);
      const at = start + from - offset;
      if (from < to) yield { part, from, piece: target.subarray(at, at + to - from) };
      start += part.size;
    }
  }

  close(): void {
    for (const part of this.parts) part.close();
  }
}

/** The bytes from `offset` on, at most `length` of them, fewer at the end of the source and none behind it. */
export function peek(source: ByteSource, offset: number, length: number): Uint8Array {
  if (offset >= source.size) return new Uint8Array(0);
  const bytes = new Uint8Array(Math.max(0, Math.min(length, source.size - offset)));
  source.readSync(offset, bytes);
  return bytes;
}

/** The bytes of a range, in memory that nobody else changes. */
export async function readRange(
  source: ByteSource,
  offset: number,
  length: number,
  take: TakeMemory = ownMemory,
): Promise<Uint8Array> {
  if (source.view) return source.view(offset, length);
  const bytes = take(length);
  await source.read(offset, bytes);
  return bytes;
}

/** @throws RangeError when the range is not inside the source. */
export function checkRange(source: ByteSource, offset: number, length: number): void {
  if (!(offset >= 0 && offset + length <= source.size)) {
    throw new RangeError(
      `bytes ${offset} to ${offset + length} are not inside the ${source.size} bytes there are`,
    );
  }
}

function shrunk(at: number): RangeError {
  return new RangeError(`the file became shorter while it was read (byte ${at})`);
}

export function startsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((byte, i) => bytes[i] === byte);
}
