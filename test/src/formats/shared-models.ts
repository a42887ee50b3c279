import fs from "node:fs";
import path from "node:path";

/** Model files of public repositories, which lie beside the checkout on some machines. */
const ROOT = path.resolve("../shared/models");

export interface SharedModel {
  readonly id: string;
  /** Relative to the folder. */
  readonly files: readonly string[];
  readonly format?: string;
  readonly weight_elements?: number;
}

/** Null where the folder is not there. */
export function sharedModels(): readonly SharedModel[] | null {
  const list = path.join(ROOT, "models.json");
  if (!fs.existsSync(list)) return null;
  return JSON.parse(fs.readFileSync(list, "utf8")) as SharedModel[];
}

export function sharedFile(relative: string): string {
  return path.join(ROOT, relative);
}

/** Every file of the folder that starts as HDF5. */
export function sharedHdf5Files(): readonly string[] {
  const files = fs.readdirSync(ROOT, { recursive: true, withFileTypes: true });
  return files
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)))
    .filter((file) => startsAsHdf5(sharedFile(file)))
    .sort();
}

function startsAsHdf5(file: string): boolean {
  const head = Buffer.alloc(4);
  const descriptor = fs.openSync(file, "r");
  fs.readSync(descriptor, head);
  fs.closeSync(descriptor);
  return head.toString("latin1") === "\u0089HDF";
}
