import { homedir } from "node:os";
import { join } from "node:path";

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
