import yauzl from "yauzl";
import { type ByteSource, SliceSource } from "../byte-source.js";
import { FormatError } from "../model-file.js";
import type { Folder } from "../saved-model/folder.js";
import { DeflatedSource } from "./deflated-source.js";
import { MemberChecksums } from "./member-checksums.js";
import { zipExtent } from "./zip-extent.js";

const LIMITS = {
  entries: 10_000,
  /** All members together, unpacked, that are stored compressed: those must be held in memory. */
  unpackedBytes: 4 * 2 ** 30,
  /** A compressed member of more than `smallBytes` may unpack to this many times what is stored. */
  ratio: 100,
  smallBytes: 2 ** 20,
} as const;

const STORED = 0;
const DEFLATED = 8;

interface Member {
  readonly name: string;
  readonly method: number;
  /** Where its bytes lie, and how many they are. */
  readonly start: number;
  readonly stored: number;
  readonly size: number;
  readonly crc32: number;
}

/**
 * The members of a zip archive as files of a folder. The central directory alone says what there is; nothing is
 * ever unpacked to disk. A member that is stored without compression is read in place.
 *
 * Refused (F18), as facts on zip attacks ask: paths that lead out, links, two members of one name, overlapping or
 * encrypted members, methods other than stored and deflate, members that unpack to far more than they store.
 */
export class ZipFolder implements Folder {
  readonly checksums: MemberChecksums;

  private constructor(
    readonly path: string,
    private readonly source: ByteSource,
    private readonly members: ReadonlyMap<string, Member>,
  ) {
    this.checksums = new MemberChecksums(path, (name, detail) =>
      broken(path, `the member ${show(name)} ${detail}`),
    );
  }

  /** @throws FormatError F01 where there is no readable central directory, F18 for what is refused */
  static async open(path: string, source: ByteSource): Promise<ZipFolder> {
    const members = await readDirectory(path, source);
    return new ZipFolder(path, source, members);
  }

  names(): readonly string[] {
    return [...this.members.keys()];
  }

  /** @throws FormatError F01 when the member's bytes do not match their checksum and nothing can be told any more */
  open(name: string): ByteSource | null {
    const member = this.members.get(name);
    if (!member) return null;
    if (member.method === DEFLATED) return this.deflated(member);
    const slice = new SliceSource(this.source, member.start, member.size);
    this.checksums.ofStored(name, slice, member.crc32);
    return slice;
  }

  private deflated(member: Member): DeflatedSource {
    const packed = new SliceSource(this.source, member.start, member.stored);
    const check = (bytes: Uint8Array) => this.checksums.unpacked(member.name, bytes, member.crc32);
    const fail = (detail: string) => broken(this.path, `the member ${show(member.name)} ${detail}`);
    const source = new DeflatedSource(packed, member.size, check, fail);
    this.checksums.later(member.name, async () => void (await source.view(0, 0)));
    return source;
  }
}

async function readDirectory(path: string, source: ByteSource): Promise<Map<string, Member>> {
  const zip = await openZip(path, source);
  const members = new Map<string, Member>();
  for await (const entry of entriesOf(path, zip)) {
    if (entry.fileName.endsWith("/")) continue;
    checkEntry(path, entry, members);
    const start = await dataStart(path, zip, entry);
    const {
      fileName: name,
      compressionMethod: method,
      compressedSize: stored,
      uncompressedSize: size,
    } = entry;
    members.set(name, { name, method, start, stored, size, crc32: entry.crc32 });
  }
  checkTogether(path, source, [...members.values()]);
  return members;
}

function checkEntry(path: string, entry: yauzl.Entry, members: ReadonlyMap<string, Member>): void {
  const name = show(entry.fileName);
  if (members.size >= LIMITS.entries) throw refused(path, `it has more than ${LIMITS.entries} members`);
  if (members.has(entry.fileName)) throw refused(path, `two members have the name ${name}`);
  if (entry.isEncrypted())
    throw refused(
      path,
      `the member ${name} is encrypted`,
      "Unpack it with its password, in the program that packed it, and give the file or folder that comes out.",
    );
  if (((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000)
    throw refused(path, `${name} is a link`);
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) {
    throw refused(
      path,
      `the member ${name} is compressed by method ${entry.compressionMethod}, which is neither stored nor deflated`,
      "Unpack it with the program that packed it, and give the folder that comes out.",
    );
  }
  if (entry.compressionMethod === STORED && entry.compressedSize !== entry.uncompressedSize) {
    throw refused(
      path,
      `the member ${name} says two sizes, ${entry.compressedSize} and ${entry.uncompressedSize}`,
    );
  }
  const bomb =
    entry.uncompressedSize > LIMITS.smallBytes &&
    entry.uncompressedSize > LIMITS.ratio * entry.compressedSize;
  if (bomb)
    throw refused(
      path,
      `the member ${name} unpacks from ${entry.compressedSize} to ${entry.uncompressedSize} bytes`,
    );
}

function checkTogether(path: string, source: ByteSource, members: Member[]): void {
  const packed = members.filter(({ method }) => method === DEFLATED).reduce((sum, { size }) => sum + size, 0);
  if (packed > LIMITS.unpackedBytes) throw refused(path, `its members unpack to ${packed} bytes`);
  members.sort((a, b) => a.start - b.start);
  members.forEach(({ name, start, stored }, i) => {
    if (start + stored > source.size) throw broken(path, `the member ${show(name)} is cut off`);
    const next = members[i + 1];
    if (next && start + stored > next.start) {
      throw refused(path, `the members ${show(name)} and ${show(next.name)} overlap`);
    }
  });
}

/** What yauzl reads the list of members through: all but the comment, in which it would look for the list's end. */
class SourceReader extends yauzl.RandomAccessReader {
  constructor(
    private readonly source: ByteSource,
    private readonly size: number,
  ) {
    super();
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    let failure: Error | null = null;
    try {
      const target = buffer.subarray(offset, offset + length);
      this.source.readSync(position, target);
      // The archive ends with the length of its comment, which is now none.
      if (this.size < this.source.size) target.fill(0, Math.max(0, this.size - 2 - position));
    } catch (error) {
      failure = error as Error;
    }
    setImmediate(callback, failure);
  }

  override _readStreamForRange(): never {
    throw new Error("members are read in place, not through yauzl");
  }
}

async function openZip(path: string, source: ByteSource): Promise<yauzl.ZipFile> {
  try {
    const options = { lazyEntries: true, autoClose: false, validateEntrySizes: false } as const;
    const size = source.size - (zipExtent(source)?.comment ?? 0);
    return await yauzl.fromRandomAccessReaderPromise(new SourceReader(source, size), size, options);
  } catch (error) {
    throw broken(path, `it has no readable list of members: ${(error as Error).message}`);
  }
}

async function* entriesOf(path: string, zip: yauzl.ZipFile): AsyncGenerator<yauzl.Entry> {
  const entries = zip.eachEntry();
  for (;;) {
    let next: IteratorResult<yauzl.Entry>;
    try {
      next = await entries.next();
    } catch (error) {
      throw refusedName(path, error as Error);
    }
    if (next.done) return;
    yield next.value;
  }
}

async function dataStart(path: string, zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<number> {
  try {
    return (await zip.readLocalFileHeaderPromise(entry, { minimal: true })).fileDataStart;
  } catch (error) {
    const reason = (error as Error).message;
    throw broken(path, `the member ${show(entry.fileName)} is not where the list says: ${reason}`);
  }
}

/** yauzl itself refuses absolute paths and paths with "..". */
function refusedName(path: string, error: Error): FormatError {
  return /path|characters in fileName/.test(error.message)
    ? refused(path, error.message)
    : broken(path, error.message);
}

const show = (name: string): string => JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}...` : name);

function refused(
  path: string,
  detail: string,
  advice = "Keras does not write such archives; get the file again from where it was made.",
): FormatError {
  return new FormatError({
    code: "F18",
    title: "Refused zip archive",
    where: path,
    detail,
    advice,
  });
}

function broken(path: string, detail: string): FormatError {
  return new FormatError({
    code: "F01",
    title: "Damaged or truncated zip archive",
    where: path,
    detail,
    advice: "Get the file again from where it was made; compare its size with the original's.",
  });
}
