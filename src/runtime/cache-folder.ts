import { mkdtempSync, rmdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { BackendError } from "./backend-error.js";
import { makeFolder } from "./make-folder.js";
import { commandLine } from "../command-line.js";

/**
 * Where loadlab keeps what it can make again: `$XDG_CACHE_HOME/loadlab`, by default `~/.cache/loadlab`
 * (XDG Base Directory Specification), `~/Library/Caches/loadlab` on macOS, `%LOCALAPPDATA%\loadlab` on Windows.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const xdg = env["XDG_CACHE_HOME"];
  if (xdg) return join(xdg, "loadlab");
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches", "loadlab");
  const local = env["LOCALAPPDATA"];
  if (process.platform === "win32" && local) return join(local, "loadlab");
  return join(homedir(), ".cache", "loadlab");
}

/** Node says ENOENT of a folder that is to be made on a disk that may only be read. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "it is on a disk that may only be read, or below a folder that is gone",
  EROFS: "its disk may only be read",
  EACCES: "it is not yours to write",
  EPERM: "it is not yours to write",
  ENOSPC: "no space is left on its disk",
  EDQUOT: "your share of its disk is used up",
  EEXIST: "a file has its name",
  ENOTDIR: "a file is where a folder of its path should be",
};

/**
 * The same, made and tried: a read-only one is told before anything is downloaded for it.
 * @throws BackendError
 */
export function writableCacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const folder = cacheFolder(env);
  try {
    makeFolder(folder);
    rmdirSync(mkdtempSync(join(folder, "try-")));
    return folder;
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    throw new BackendError(
      `The cache folder ${folder} cannot be written (${REASONS[code] ?? (code || message)}).`,
      `name another: XDG_CACHE_HOME=FOLDER, for ${commandLine("backend add native")} and for the kernel`,
      { cause: error },
    );
  }
}
