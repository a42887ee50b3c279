import fs from "node:fs";
import path from "node:path";
import { statOf, unreadable } from "../not-a-model.js";
import { FileSource, MemorySource, type ByteSource } from "../byte-source.js";

/** The files of one model that lies in several: on disk, or the members of an archive. */
export interface Folder {
  /** As the user gave it, for messages. */
  readonly path: string;
  /** Paths of all files relative to the folder, with `/`, at most eight levels down. */
  names(): readonly string[];
  /** Opens a file of the folder; null when there is none, F04 where the system does not give it. `name` never comes from a model file unchecked. */
  open(name: string): ByteSource | null;
}

const LEVELS = 8;
const FILES = 10_000;

/** A folder on disk. Links are followed, as download caches lay models out with them. */
export class DiskFolder implements Folder {
  constructor(readonly path: string) {}

  names(): readonly string[] {
    const found: string[] = [];
    this.collect("", LEVELS, found);
    return found;
  }

  private collect(below: string, levels: number, found: string[]): void {
    for (const entry of entriesOf(path.join(this.path, below))) {
      if (found.length >= FILES) return;
      const name = below === "" ? entry.name : `${below}/${entry.name}`;
      const kind = kindOf(path.join(this.path, name), entry);
      if (kind === "file") found.push(name);
      else if (kind === "folder" && levels > 1) this.collect(name, levels - 1, found);
    }
  }

  open(name: string): ByteSource | null {
    const file = path.join(this.path, name);
    if (!statOf(file)?.isFile()) return null;
    try {
      return FileSource.open(file);
    } catch (cause) {
      throw unreadable(file, cause as NodeJS.ErrnoException);
    }
  }
}

/** Nothing for a folder below that may not be read. */
function entriesOf(folder: string): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** What an entry or the target of a link is; null for links that lead nowhere, sockets, pipes and devices. */
function kindOf(file: string, entry: fs.Dirent): "file" | "folder" | null {
  const found = entry.isSymbolicLink() ? statOf(file) : entry;
  if (found?.isFile()) return "file";
  return found?.isDirectory() ? "folder" : null;
}

/** Files that are already in memory, by their paths in the folder. */
export class MemoryFolder implements Folder {
  constructor(
    readonly path: string,
    private readonly files: ReadonlyMap<string, Uint8Array>,
  ) {}

  names(): readonly string[] {
    return [...this.files.keys()];
  }

  open(name: string): ByteSource | null {
    const bytes = this.files.get(name);
    return bytes === undefined ? null : new MemorySource(bytes);
  }
}

/** All bytes of a file that is read whole (`saved_model.pb`, an asset). */
export function readWhole(source: ByteSource): Uint8Array {
  const bytes = new Uint8Array(source.size);
  source.readSync(0, bytes);
  return bytes;
}
