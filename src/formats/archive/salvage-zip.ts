import zlib from "node:zlib";
import { type ByteSource, MemorySource, peek, SliceSource } from "../byte-source.js";
import { FormatError, type FormatFinding } from "../model-file.js";
import type { Folder } from "../saved-model/folder.js";
import { membersFound, onlyBeginning } from "./cut-member.js";
import { describedMember } from "./data-descriptor.js";
import { DeflatedSource } from "./deflated-source.js";
import { MemberChecksums } from "./member-checksums.js";

/** What is left of a member: all of it, or its beginning. */
interface Remains {
  readonly start: number;
  /** Bytes that the archive stores for it, and how many of them are there. */
  readonly stored: number;
  readonly there: number;
  readonly size: number;
  readonly deflated: boolean;
  readonly crc32: number;
  /** Whether the archive says how many bytes it stores for it. */
  readonly sized: boolean;
}

/**
 * A zip archive that has lost its list of members, which stands at its end: the members are found by the headers
 * in front of them, from the first on. Keras writes its configuration first and its weights last, so a cut archive
 * holds the first and the beginning of the second.
 */
export class SalvagedZip implements Folder {
  /** What could be unpacked of members that are cut. */
  private readonly beginnings = new Map<string, Uint8Array>();
  readonly checksums: MemberChecksums;

  private constructor(
    readonly path: string,
    private readonly source: ByteSource,
    private readonly members: ReadonlyMap<string, Remains>,
  ) {
    this.checksums = new MemberChecksums(path, (name, detail) => this.broken(name, detail));
  }

  /** Null when not one member can be found. */
  static open(path: string, source: ByteSource): SalvagedZip | null {
    const members = findMembers(source);
    return members.size > 0 ? new SalvagedZip(path, source, members) : null;
  }

  names(): readonly string[] {
    return [...this.members.keys()].filter((name) => this.usable(name));
  }

  /** Members of which only a part is left. */
  cut(): readonly string[] {
    return [...this.members].filter(([, { there, stored }]) => there < stored).map(([name]) => name);
  }

  /** What is wrong with the archive, and how much of its last member is gone. */
  finding(): FormatFinding {
    const parts = this.cut().map((name) => {
      const { there, stored, sized } = this.members.get(name)!;
      return onlyBeginning(name, there, sized ? stored : null);
    });
    return {
      code: "F01",
      title: "Truncated zip archive",
      where: this.path,
      detail: `the archive has lost its end; ${membersFound(this.names().length)}${parts.join("")}`,
      advice: "Get the file again from where it was made; what is whole can be used meanwhile.",
    };
  }

  /** A member is of use even in part. */
  private usable(name: string): boolean {
    const { there, stored, deflated } = this.members.get(name)!;
    return there === stored || (deflated ? this.beginning(name).byteLength > 0 : there > 0);
  }

  private beginning(name: string): Uint8Array {
    const { start, there, size } = this.members.get(name)!;
    const bytes =
      this.beginnings.get(name) ?? unpackBeginning(new SliceSource(this.source, start, there), size);
    this.beginnings.set(name, bytes);
    return bytes;
  }

  /** @throws FormatError F01 when a whole compressed member cannot be unpacked */
  open(name: string): ByteSource | null {
    const member = this.members.get(name);
    if (!member || !this.usable(name)) return null;
    const slice = new SliceSource(this.source, member.start, member.there);
    if (!member.deflated) {
      if (member.there === member.stored) this.checksums.ofStored(name, slice, member.crc32);
      return slice;
    }
    if (member.there < member.stored) return new MemorySource(this.beginning(name));
    const fail = (detail: string) => this.broken(name, detail);
    const check = (bytes: Uint8Array) => {
      if (zlib.crc32(bytes) !== member.crc32) throw fail("does not match its checksum (CRC-32)");
    };
    return new DeflatedSource(slice, member.size, check, fail);
  }

  private broken(name: string, detail: string): FormatError {
    return new FormatError({
      code: "F01",
      title: "Damaged or truncated zip archive",
      where: this.path,
      detail: `the archive has lost its end, and the member ${JSON.stringify(name.slice(0, 80))} ${detail}`,
      advice: "Get the file again from where it was made.",
    });
  }
}

/** What can be unpacked of a member whose end is missing. */
function unpackBeginning(packed: ByteSource, size: number): Uint8Array {
  const options = { maxOutputLength: Math.max(1, size), finishFlush: zlib.constants.Z_SYNC_FLUSH };
  try {
    return new Uint8Array(zlib.inflateRawSync(peek(packed, 0, packed.size), options));
  } catch {
    return new Uint8Array(0);
  }
}

const HEADER = 30;
const MEMBERS = 10_000;
/** A deflated member is unpacked in memory; it may unpack to this much, or to this many times what is there of it. */
const SMALL_DEFLATED = 64 * 2 ** 20;
const LARGEST_DEFLATED = 2 * 2 ** 30;
const RATIO = 100;

function findMembers(source: ByteSource): Map<string, Remains> {
  const members = new Map<string, Remains>();
  // Members that say their sizes behind them are unpacked to find their ends: all together no further than one may.
  let most = Math.min(LARGEST_DEFLATED, Math.max(SMALL_DEFLATED, RATIO * source.size));
  for (let at = 0; at + HEADER <= source.size && members.size < MEMBERS;) {
    const found = readHeader(source, at, most);
    if (!found) break;
    const { name, remains, next } = found;
    if (found.described && remains.deflated) most = Math.max(1, most - remains.size);
    if (!members.has(name) && !name.endsWith("/")) members.set(name, remains);
    at = next;
  }
  return members;
}

interface FoundMember {
  readonly name: string;
  readonly remains: Remains;
  /** Where the next header should be. */
  readonly next: number;
  /** Whether the sizes stand behind the member. */
  readonly described: boolean;
}

/** A local file header (APPNOTE.TXT 4.3.7), and where the next one is; null where there is none. */
function readHeader(source: ByteSource, at: number, most: number): FoundMember | null {
  const head = peek(source, at, HEADER);
  const view = new DataView(head.buffer);
  const method = view.getUint16(8, true);
  const sizesFollow = (view.getUint16(6, true) & 8) !== 0;
  if (view.getUint32(0, true) !== 0x04034b50 || (method !== 0 && method !== 8)) return null;
  const nameLength = view.getUint16(26, true);
  const extraLength = view.getUint16(28, true);
  const start = at + HEADER + nameLength + extraLength;
  if (start > source.size) return null;
  const name = new TextDecoder().decode(peek(source, at + HEADER, nameLength));
  if (sizesFollow && view.getUint32(18, true) === 0) {
    const { next, ...found } = describedMember(source, start, method === 8, most);
    const there = Math.min(found.stored, source.size - start);
    return {
      name,
      remains: { start, there, deflated: method === 8, sized: false, ...found },
      next,
      described: true,
    };
  }
  const sizes = wideSizes(peek(source, at + HEADER + nameLength, extraLength));
  const rest = source.size - start;
  const size = sizes?.size ?? view.getUint32(22, true);
  const said = sizes?.stored ?? view.getUint32(18, true);
  // A writer that was stopped has not yet said the sizes of its last member.
  const stored = said === 0 && method === 0 && rest > 0 && !headerAt(source, start) ? rest + 1 : said;
  const there = Math.min(stored, rest);
  if (method === 8 && size > Math.min(LARGEST_DEFLATED, Math.max(SMALL_DEFLATED, RATIO * stored)))
    return null;
  return {
    name,
    remains: {
      start,
      stored,
      there,
      size,
      deflated: method === 8,
      crc32: view.getUint32(14, true),
      sized: stored === said,
    },
    next: start + stored,
    described: false,
  };
}

function headerAt(source: ByteSource, at: number): boolean {
  const [p, k] = peek(source, at, 2);
  return p === 0x50 && k === 0x4b;
}

/** Sizes of 64 bits, in the extra field 1 (APPNOTE.TXT 4.5.3). */
function wideSizes(extra: Uint8Array): { size: number; stored: number } | null {
  const view = new DataView(extra.buffer, extra.byteOffset, extra.byteLength);
  for (let at = 0; at + 4 <= extra.byteLength; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1 || view.getUint16(at + 2, true) < 16 || at + 20 > extra.byteLength)
      continue;
    const size = Number(view.getBigUint64(at + 4, true));
    const stored = Number(view.getBigUint64(at + 12, true));
    return Number.isSafeInteger(size) && Number.isSafeInteger(stored) ? { size, stored } : null;
  }
  return null;
}
