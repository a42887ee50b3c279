import zlib from "node:zlib";
import type { ByteSource, SliceSource } from "../byte-source.js";
import { checksumsDiffer } from "../checksums-differ.js";
import { FormatError, type FormatFinding } from "../model-file.js";
import { readWhole } from "../saved-model/folder.js";

/** Stored members up to this size have their checksum compared when they are opened, larger ones by `verify`. */
const AT_ONCE = 16 * 2 ** 20;
/** Bytes of a stored member that are read and summed at a time. */
const PIECE = 8 * 2 ** 20;

/** Compares the bytes of an archive's members with their checksums (CRC-32), as far as they are read. */
export class MemberChecksums {
  /** Members whose bytes do not match, as far as they have been read. */
  private readonly changed = new Set<string>();
  private told = false;
  /** Of members that were opened and whose checksums were not looked at: how to. */
  private readonly unverified = new Map<string, () => Promise<void>>();

  /** @param broken the error on a member, where nothing can be told any more */
  constructor(
    private readonly path: string,
    private readonly broken: (name: string, detail: string) => FormatError,
  ) {}

  /**
   * Says which members' bytes did not match so far; they are read nevertheless. From now on, reading others whose
   * bytes do not is an error.
   */
  tellChanged(): FormatFinding[] {
    this.told = true;
    return this.findingOn([...this.changed]);
  }

  /**
   * Goes through the members that were opened and whose checksums were not looked at; says which do not match. Those
   * are read nevertheless from now on.
   */
  async verify(): Promise<FormatFinding[]> {
    const before = new Set(this.changed);
    this.told = false;
    for (const [name, verify] of this.unverified) {
      this.unverified.delete(name);
      // What cannot be unpacked at all, its reader says.
      await verify().catch(passFormatError);
    }
    this.told = true;
    return this.findingOn([...this.changed].filter((name) => !before.has(name)));
  }

  private findingOn(changed: readonly string[]): FormatFinding[] {
    if (changed.length === 0) return [];
    const names = changed.map((name) => JSON.stringify(name.slice(0, 80))).join(", ");
    const which = changed.length === 1 ? "member" : "members";
    const what = `the bytes of the ${which} ${names} do not match their checksum (CRC-32)`;
    return [checksumsDiffer(this.path, what, "values, names and shapes")];
  }

  /** Of a member that is stored as it is. */
  ofStored(name: string, slice: SliceSource, crc32: number): void {
    if (slice.size <= AT_ONCE) this.check(name, zlib.crc32(readWhole(slice)), crc32);
    else this.unverified.set(name, async () => this.check(name, await sumOf(slice), crc32));
  }

  /** Of a member that is unpacked when it is first read. */
  later(name: string, read: () => Promise<void>): void {
    this.unverified.set(name, read);
  }

  /** @throws FormatError where the sums differ and nothing can be told any more */
  check(name: string, sum: number, crc32: number): void {
    if (sum === crc32 || this.changed.has(name)) return;
    if (this.told) throw this.broken(name, "does not match its checksum (CRC-32)");
    this.changed.add(name);
  }

  /** Of a member that has been unpacked. */
  unpacked(name: string, bytes: Uint8Array, crc32: number): void {
    this.unverified.delete(name);
    this.check(name, zlib.crc32(bytes), crc32);
  }
}

/** The CRC-32 of all there is. */
async function sumOf(source: ByteSource): Promise<number> {
  const bytes = new Uint8Array(Math.min(PIECE, source.size));
  let sum = 0;
  for (let at = 0; at < source.size; at += PIECE) {
    const piece = bytes.subarray(0, Math.min(PIECE, source.size - at));
    await source.read(at, piece);
    sum = zlib.crc32(piece, sum);
  }
  return sum;
}

function passFormatError(error: unknown): void {
  if (!(error instanceof FormatError)) throw error;
}
