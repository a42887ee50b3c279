import path from "node:path/posix";
import type { Folder } from "../saved-model/folder.js";
import { groupSize, type ManifestGroup } from "./weights-manifest.js";

/**
 * The files of a group where some are not there under their names, but under ones that begin with them: browsers
 * number a second download (`group1-shard1of1 (1).bin`), bundlers add a hash (`group1-shard1of1.3f9a.bin`).
 * @returns null where all are there, one has no or several candidates, or their sizes together are not the group's
 */
export function renamedParts(group: ManifestGroup, folder: Folder): string[] | null {
  const all = folder.names();
  const there = new Set(all);
  if (group.paths.every((name) => there.has(name))) return null;
  const found = group.paths.map((name) => (there.has(name) ? name : onlyLike(name, all, group.paths)));
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
