import zlib from "node:zlib";
import { promisify } from "node:util";
import { type ByteSource, checkRange, peek } from "../byte-source.js";

const inflateRaw = promisify(
  zlib.inflateRaw as (bytes: Uint8Array, options: zlib.ZlibOptions, done: Done) => void,
);
type Done = (error: Error | null, result: Buffer) => void;

/** What lies this near to the beginning is read without unpacking the rest. */
const HEAD = 1 << 16;
const FIRST_INPUT = 1 << 12;

/** A compressed member of an archive: nothing is unpacked before it is read, and its beginning first. */
export class DeflatedSource implements ByteSource {
  private head: Uint8Array | null = null;
  private all: Uint8Array | null = null;

  /**
   * @param packed the member as it is stored
   * @param size bytes that it says it unpacks to
   * @param check throws when the unpacked bytes are not the member's
   * @param broken the error for bytes that cannot be unpacked
   */
  constructor(
    private readonly packed: ByteSource,
    readonly size: number,
    private readonly check: (bytes: Uint8Array) => void,
    private readonly broken: (detail: string) => Error,
  ) {}

  readSync(offset: number, target: Uint8Array): void {
    checkRange(this, offset, target.byteLength);
    const end = offset + target.byteLength;
    const bytes = end <= HEAD ? this.beginning(end) : this.whole();
    target.set(bytes.subarray(offset, end));
  }

  async read(offset: number, target: Uint8Array): Promise<void> {
    target.set(await this.view(offset, target.byteLength));
  }

  /** A range of the unpacked bytes, not copied. */
  async view(offset: number, length: number): Promise<Uint8Array> {
    checkRange(this, offset, length);
    if (this.all === null) {
      const stored = peek(this.packed, 0, this.packed.size);
      this.all = this.checked(await inflateRaw(stored, this.limit()).catch((error: Error) => error));
    }
    return this.all.subarray(offset, offset + length);
  }

  /** At least `length` bytes, from as little input as that takes. */
  private beginning(length: number): Uint8Array {
    if (this.all !== null || this.size <= HEAD) return this.whole();
    for (let input = FIRST_INPUT; (this.head?.byteLength ?? 0) < length; input *= 2) {
      if (input >= this.packed.size) return this.whole();
      const options = { ...this.limit(), finishFlush: zlib.constants.Z_SYNC_FLUSH };
      const result = attempt(() => zlib.inflateRawSync(peek(this.packed, 0, input), options));
      if (result instanceof Error) throw this.broken(`cannot be unpacked: ${result.message}`);
      this.head = result;
    }
    return this.head!;
  }

  private whole(): Uint8Array {
    if (this.all === null) {
      const stored = peek(this.packed, 0, this.packed.size);
      this.all = this.checked(attempt(() => zlib.inflateRawSync(stored, this.limit())));
    }
    return this.all;
  }

  private checked(result: Uint8Array | Error): Uint8Array {
    if (result instanceof Error) throw this.broken(`cannot be unpacked: ${result.message}`);
    if (result.byteLength !== this.size)
      throw this.broken(`unpacks to ${result.byteLength} bytes, not ${this.size}`);
    // Not a Buffer, whose methods differ.
    const bytes = new Uint8Array(result.buffer, result.byteOffset, result.byteLength);
    this.check(bytes);
    return bytes;
  }

  private limit(): zlib.ZlibOptions {
    return { maxOutputLength: Math.max(1, this.size) };
  }

  /** Gives the unpacked bytes back. */
  close(): void {
    this.head = this.all = null;
  }
}

function attempt(work: () => Uint8Array): Uint8Array | Error {
  try {
    return work();
  } catch (error) {
    return error as Error;
  }
}
