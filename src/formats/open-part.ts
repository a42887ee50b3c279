import type { ByteSource } from "./byte-source.js";
import { foreignPart } from "./foreign-part.js";
import type { FormatFinding } from "./model-file.js";
import type { Folder } from "./saved-model/folder.js";

/** A process may have about a thousand files open; parts of a model in more files than this are opened to be read. */
const KEPT_OPEN = 100;

/**
 * Opens one of the `count` files that a model's weights lie in; null when it is not there, or is a pointer or a web
 * page in place of it, which `say` is told.
 */
export function openPart(
  folder: Folder,
  name: string,
  count: number,
  say: (foreign: FormatFinding) => void,
): ByteSource | null {
  const source = folder.open(name);
  const foreign = source && foreignPart(name, source);
  if (foreign) {
    source.close();
    say(foreign);
    return null;
  }
  if (source === null || count <= KEPT_OPEN) return source;
  source.close();
  return new ReopenedSource(folder, name, source.size);
}

/** A file of a folder that is open only while it is read. */
class ReopenedSource implements ByteSource {
  constructor(
    private readonly folder: Folder,
    private readonly name: string,
    readonly size: number,
  ) {}

  readSync(offset: number, target: Uint8Array): void {
    const source = this.open();
    try {
      source.readSync(offset, target);
    } finally {
      source.close();
    }
  }

  async read(offset: number, target: Uint8Array): Promise<void> {
    const source = this.open();
    try {
      await source.read(offset, target);
    } finally {
      source.close();
    }
  }

  private open(): ByteSource {
    const source = this.folder.open(this.name);
    if (source === null) throw new RangeError(`${this.name} is not there any more`);
    return source;
  }

  close(): void {
    // It is closed after each reading.
  }
}
