import type { ByteSource } from "../byte-source.js";
import type { Folder } from "../saved-model/folder.js";

/** A folder inside a folder or archive. */
export class Subfolder implements Folder {
  readonly path: string;

  /** @param prefix `model/`; empty for the folder itself */
  constructor(
    private readonly outer: Folder,
    private readonly prefix: string,
  ) {
    this.path = prefix === "" ? outer.path : `${outer.path}/${prefix.slice(0, -1)}`;
  }

  names(): readonly string[] {
    const inside = this.outer.names().filter((name) => name.startsWith(this.prefix));
    return inside.map((name) => name.slice(this.prefix.length));
  }

  open(name: string): ByteSource | null {
    return this.outer.open(this.prefix + name);
  }
}
