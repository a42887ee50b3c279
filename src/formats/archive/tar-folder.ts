import { type ByteSource, peek, SliceSource } from "../byte-source.js";
import { FormatError, type FormatFinding } from "../model-file.js";
import type { Folder } from "../saved-model/folder.js";
import { membersFound, onlyBeginning } from "./cut-member.js";

const BLOCK = 512;
const MEMBERS = 10_000;
/** Of a name that stands in a member of its own. */
const LONGEST_NAME = 1 << 16;

/** Whether a tar archive begins here: its magic stands in the first header. */
export function looksLikeTar(source: ByteSource): boolean {
  return source.size >= BLOCK && ascii(peek(source, 257, 5)) === "ustar";
}

interface Member {
  readonly start: number;
  /** Bytes of it that are there, and how many it has. */
  readonly there: number;
  readonly size: number;
}

interface Listed {
  readonly members: ReadonlyMap<string, Member>;
  /** Whether the blocks of zeros were found that end an archive. */
  readonly ended: boolean;
}

/**
 * The plain files of a tar archive (POSIX ustar, pax and GNU long names), read in place. Links and devices are left
 * out; nothing is written to disk.
 */
export class TarFolder implements Folder {
  private constructor(
    readonly path: string,
    private readonly source: ByteSource,
    private readonly listed: Listed,
  ) {}

  /** @throws FormatError F18 for more members than any model has, F01 where a header makes no sense */
  static open(path: string, source: ByteSource): TarFolder {
    return new TarFolder(path, source, readMembers(path, source));
  }

  names(): readonly string[] {
    return [...this.listed.members.keys()];
  }

  /** That the archive is cut off, and how much of its last member is gone; null where it has its end. */
  cut(): FormatFinding | null {
    const { members, ended } = this.listed;
    if (ended) return null;
    const last = [...members].find(([, { there, size }]) => there < size);
    return {
      code: "F01",
      title: "Truncated tar archive",
      where: this.path,
      detail: `the archive has lost its end; ${membersFound(members.size)}${last ? onlyBeginning(last[0], last[1].there, last[1].size) : ""}`,
      advice: "Get the file again from where it was made; what is whole can be used meanwhile.",
    };
  }

  open(name: string): ByteSource | null {
    const member = this.listed.members.get(name);
    return member === undefined ? null : new SliceSource(this.source, member.start, member.there);
  }
}

function readMembers(path: string, source: ByteSource): Listed {
  const members = new Map<string, Member>();
  let longName: string | null = null;
  for (let at = 0, count = 0; at + BLOCK <= source.size; count++) {
    const header = peek(source, at, BLOCK);
    if (header.every((byte) => byte === 0)) return { members, ended: true };
    if (count > MEMBERS) throw failure("F18", path, `it has more than ${MEMBERS} members`);
    const size = sizeOf(path, header);
    const start = at + BLOCK;
    // A file that is cut is left as far as it goes.
    const there = Math.min(size, source.size - start);
    const type = String.fromCharCode(header[156]!);
    const text = () => peek(source, start, Math.min(there, LONGEST_NAME));
    if (type === "L") longName = ascii(text());
    else if (type === "x") longName = paxPath(text()) ?? longName;
    else {
      const name: string = (longName ?? nameOf(header)).replace(/^(\.\/)+/, "");
      if ((type === "0" || type === "\0") && !members.has(name)) members.set(name, { start, there, size });
      longName = null;
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return { members, ended: false };
}

function nameOf(header: Uint8Array): string {
  const prefix = ascii(header.subarray(345, 500));
  const name = ascii(header.subarray(0, 100));
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** Octal digits, or, for large files, a number in base 256. */
function sizeOf(path: string, header: Uint8Array): number {
  const field = header.subarray(124, 136);
  const size =
    field[0]! & 0x80
      ? field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0)
      : parseInt(ascii(field).trim() || "0", 8);
  if (!Number.isSafeInteger(size) || size < 0)
    throw failure("F01", path, "a member of the tar archive has no size");
  return size;
}

function paxPath(data: Uint8Array): string | null {
  return /^\d+ path=(.*)$/m.exec(new TextDecoder().decode(data))?.[1] ?? null;
}

function ascii(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

function failure(code: "F01" | "F18", where: string, detail: string): FormatError {
  const title = code === "F18" ? "Refused tar archive" : "Damaged tar archive";
  return new FormatError({
    code,
    title,
    where,
    detail,
    advice: "Get the file again from where it was made.",
  });
}
