import path from "node:path/posix";
import type { Folder } from "../saved-model/folder.js";
import { groupSize, type ManifestGroup } from "./weights-manifest.js";

/**
 * The files of a group where some are not there under their names, but under ones that begin with them: browsers
 * number a second download (`group1-shard1of1 (1).bin`), bundlers add a hash (`group1-shard1of1.3f9a.bin`). Or all of
 * them lie beside `model.json`, which names a folder for them.
 * @returns null where all are there, one has no or several candidates, or their sizes together are not the group's
 */
export function renamedParts(group: ManifestGroup, folder: Folder): string[] | null {
  const all = folder.names();
  const there = new Set(all);
  const wanted = group.paths.map((name) => path.normalize(name));
  if (wanted.every((name) => there.has(name))) return null;
  const flat = wanted.map((name) => path.basename(name));
  const asNamed = wanted.map((name) => (there.has(name) ? name : onlyLike(name, all, wanted)));
  const besides = flat.every((name) => there.has(name)) && new Set(flat).size === flat.length;
  const found = besides && asNamed.includes(null) ? flat : asNamed;
  const names = found.filter((name) => name !== null);
  return names.length === found.length && sizeOf(names, folder) === groupSize(group) ? names : null;
}

function onlyLike(name: string, all: readonly string[], listed: readonly string[]): string | null {
  const { dir, name: stem, ext } = path.parse(name);
  const alike = all.filter((other) => {
    const parts = path.parse(other);
    const added = parts.name.slice(stem.length);
    const begins = parts.name.startsWith(stem) && /^[^0-9a-z]/i.test(added);
    return parts.dir === dir && parts.ext === ext && begins && !listed.includes(other);
  });
  return alike.length === 1 ? alike[0]! : null;
}

function sizeOf(names: readonly string[], folder: Folder): number {
  const sizes = names.map((name) => {
    const source = folder.open(name);
    source?.close();
    return source?.size ?? 0;
  });
  return sizes.reduce((sum, size) => sum + size, 0);
}
