import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";

/**
 * A folder, and those above it. Node's own `recursive` never returns where a system says of a folder that is there
 * that there is none, as `/proc` does.
 * @throws what the system says of the first that cannot be made.
 */
export function makeFolder(folder: string, mode?: number): void {
  if (existsSync(folder)) return;
  makeFolder(path.dirname(folder), mode);
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error; // another process was faster
  }
}
