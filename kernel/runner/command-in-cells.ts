import { delimiter, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { IN_CELL } from "../../src/command-line.js";

const FOLDER = fileURLToPath(new URL("../../../bin", import.meta.url));

/**
 * Makes `loadlab` a command of `!` cells and of all that cells start, and a Node to run it by. Behind the user's own
 * folders: a `loadlab` or `node` that is there goes first.
 */
export function offerCommandInCells(env: NodeJS.ProcessEnv = process.env): void {
  env["PATH"] = [env["PATH"], FOLDER, dirname(process.execPath)].filter(Boolean).join(delimiter);
  env[IN_CELL] = "1";
}
