import { type ByteSource, JoinedSource, SliceSource } from "../byte-source.js";
import type { FormatFinding } from "../model-file.js";
import { openPart } from "../open-part.js";
import type { Folder } from "../saved-model/folder.js";
import { meantSizes } from "./meant-sizes.js";
import { type Gap, type GroupBytes, groupSize, type ManifestGroup } from "./weights-manifest.js";

/** The files of a group as one, and which of them are not there or not as long as they were. */
export interface OpenedGroup extends GroupBytes {
  readonly missing: readonly string[];
  readonly short: readonly string[];
  readonly long: readonly string[];
  /** Bytes of each file, null for one that is not there. */
  readonly sizes: readonly (number | null)[];
  /** Bytes of all files that are there. */
  readonly bytes: number;
}

/**
 * Opens the files of a group. Each begins where the lengths of the others put it, so a file that is cut, longer or
 * missing displaces none after it.
 * @param files how many files the whole model has
 */
export function openWeightFiles(
  group: ManifestGroup,
  folder: Folder,
  files: number,
  say: (foreign: FormatFinding) => void,
): OpenedGroup {
  const parts = group.paths.map((name) => openPart(folder, name, files, say));
  const sizes = parts.map((part) => part?.size ?? null);
  const needed = groupSize(group);
  const bytes = sizes.reduce<number>((all, size) => all + (size ?? 0), 0);
  const missing = group.paths.filter((_, i) => sizes[i] === null);
  const meant = meantSizes(sizes, needed);
  const named = (differs: (size: number, meant: number) => boolean) =>
    group.paths.filter((_, i) => meant && sizes[i] !== null && differs(sizes[i]!, meant[i]!));
  return {
    ...(meant ? placed(group.paths, parts, meant) : inARow(group.paths, parts, needed, bytes)),
    missing,
    sizes,
    short: named((size, whole) => size < whole),
    long: named((size, whole) => size > whole),
    bytes,
  };
}

/** Each file at its own place, with gaps where bytes of it are not there. */
function placed(
  names: readonly string[],
  parts: readonly (ByteSource | null)[],
  meant: readonly number[],
): GroupBytes {
  const gaps: Gap[] = [];
  let at = 0;
  const pieces = parts.flatMap((part, i): ByteSource[] => {
    const length = meant[i]!;
    const there = Math.min(part?.size ?? 0, length);
    const what = `in ${quoted(names[i]!)}, which is ${part ? "cut off" : "not there"}`;
    if (there < length) gaps.push({ from: at + there, to: at + length, what });
    at += length;
    const piece = part && part.size > length ? new ClosedSlice(part, length) : part;
    return there < length ? [...(piece ? [piece] : []), new AbsentSource(length - there)] : [piece!];
  });
  return { source: joined(pieces), gaps };
}

/** One after the other; what follows several missing files, or one of which nobody knows how long it was, has no place. */
function inARow(
  names: readonly string[],
  parts: readonly (ByteSource | null)[],
  needed: number | null,
  bytes: number,
): GroupBytes {
  const at = parts.indexOf(null);
  const [first] = parts;
  if (at < 0) {
    const cut = first && parts.length > 1 && needed !== null && bytes < needed;
    const what = "in files of which one is cut off, and nothing says which";
    return {
      source: joined(parts),
      gaps: cut ? [{ from: first.size, to: Infinity, what }] : [],
    };
  }
  for (const part of parts.slice(at)) part?.close();
  const source = joined(parts.slice(0, at));
  const what = `in or behind ${quoted(names[at]!)}, which is not there`;
  return { source, gaps: [{ from: source.size, to: Infinity, what }] };
}

function joined(parts: readonly (ByteSource | null)[]): ByteSource {
  const there = parts.filter((part) => part !== null);
  return there.length === 1 ? there[0]! : new JoinedSource(there);
}

const quoted = (name: string): string => JSON.stringify(name.slice(0, 120));

/** The beginning of a file that is longer than it was; closing it closes the file. */
class ClosedSlice extends SliceSource {
  constructor(
    private readonly file: ByteSource,
    size: number,
  ) {
    super(file, 0, size);
  }

  override close(): void {
    this.file.close();
  }
}

/** The place of bytes that are not there. Nobody reads it: tensors that reach into it are not whole. */
class AbsentSource implements ByteSource {
  constructor(readonly size: number) {}

  readSync(): never {
    throw new RangeError("these bytes are not there");
  }

  async read(): Promise<never> {
    return this.readSync();
  }

  close(): void {
    // There is nothing to close.
  }
}
