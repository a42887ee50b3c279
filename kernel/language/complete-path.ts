import fs from "node:fs";
import path from "node:path";
import type { Completion } from "./messages.js";

const MAX_ITEMS = 200;

/** Files and folders that go on from what was typed; folders end with a slash. */
export function completePath(typed: string, folder: string): Completion[] {
  const cut = typed.lastIndexOf("/") + 1;
  const stem = typed.slice(cut);
  return entries(path.resolve(folder, typed.slice(0, cut)))
    .filter(({ name }) => name.startsWith(stem) && (stem.startsWith(".") || !name.startsWith(".")))
    .slice(0, MAX_ITEMS)
    .map((entry) => {
      const text = typed.slice(0, cut) + entry.name;
      return entry.isDirectory() ? { text: `${text}/`, type: "folder" } : { text, type: "file" };
    });
}

function entries(folder: string): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}
