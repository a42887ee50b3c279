import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Environment variable that says to a program that what it prints is read in a notebook. */
export const IN_CELL = "LOADLAB_IN_CELL";

const MAIN = fileURLToPath(new URL("../kernel/commands/main.js", import.meta.url));
const PACKAGE = dirname(dirname(dirname(dirname(MAIN))));

/**
 * A call of the command `loadlab` as it can be typed where it is read: `!loadlab doctor` in a cell; in a terminal
 * `loadlab doctor` where that is installed, `npx loadlab doctor` in a folder in which npm finds it, else by its file.
 * Every hint that names a call takes it from here.
 * @param words what follows the name: `backend add native`
 */
export function commandLine(words: string, env: NodeJS.ProcessEnv = process.env): string {
  return `${program(env)} ${words}`;
}

function program(env: NodeJS.ProcessEnv): string {
  if (env[IN_CELL] !== undefined) return "!loadlab";
  // npx has put folders of its own on the PATH, which are gone when it ends.
  if (env["npm_command"] === "exec") return "npx loadlab";
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  if (folders.some(hasCommand)) return "loadlab";
  return npmFindsIt(process.cwd()) ? "npx loadlab" : `node ${JSON.stringify(MAIN)}`;
}

function hasCommand(folder: string): boolean {
  return ["loadlab", "loadlab.cmd"].some((name) => existsSync(join(folder, name)));
}

function npmFindsIt(folder: string): boolean {
  if (folder === PACKAGE || hasCommand(join(folder, "node_modules", ".bin"))) return true;
  return dirname(folder) !== folder && npmFindsIt(dirname(folder));
}
