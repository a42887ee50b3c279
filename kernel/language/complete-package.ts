import fs from "node:fs";
import path from "node:path";
import type { Completion } from "./messages.js";

const IN_SPECIFIER = /(?:\bfrom|\bimport|\brequire\s*\(|\bimport\s*\()\s*["']([^"'.][^"']*|)$/;

/** What has been typed of a package's name before the cursor; null where none is written. */
export function packageAt(code: string, cursor: number): string | null {
  const line = code.slice(code.lastIndexOf("\n", cursor - 1) + 1, cursor);
  return IN_SPECIFIER.exec(line)?.[1] ?? null;
}

/** Packages that an import in this folder finds. */
export function completePackage(typed: string, folder: string): Completion[] {
  const names = new Set<string>();
  for (let at = folder; ; at = path.dirname(at)) {
    for (const name of packagesIn(path.join(at, "node_modules"))) if (name.startsWith(typed)) names.add(name);
    if (path.dirname(at) === at) break;
  }
  return [...names].sort().map((text) => ({ text, type: "module" }));
}

function packagesIn(folder: string): string[] {
  return list(folder).flatMap((name) => {
    if (name.startsWith(".") || name === "@types") return [];
    if (!name.startsWith("@")) return [name];
    return list(path.join(folder, name)).map((inner) => `${name}/${inner}`);
  });
}

function list(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}
