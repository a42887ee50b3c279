import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";

/** A module with a last line that tells whether it was edited since. */
export function signed(text: string): string {
  return `${text}\n\n${MARK}${hashOf(text)}\n`;
}

/** Whether a file is a module as it was written here, so that it may be written anew. */
export function isOurModule(path: string): boolean {
  return stateOf(path) === "ours";
}

/** Whether a file is a module that was written here and edited since. */
export function isEditedModule(path: string): boolean {
  return stateOf(path) === "edited";
}

const MARK = "# Written by loadlab, until edited: ";

function stateOf(path: string): "ours" | "edited" | "other" {
  if (!path.endsWith("_layers.py") || !existsSync(path)) return "other";
  const text = readFileSync(path, "utf8");
  const at = text.lastIndexOf(MARK);
  if (at < 0) return "other";
  return signed(text.slice(0, at).replace(/\n\n$/, "")) === text ? "ours" : "edited";
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
