import { readFileSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { BackendError } from "../backend-error.js";

/**
 * Runs work that no other process may do in this folder at the same time: two calls of pip would mix their files.
 * A process that was killed keeps nobody out.
 * @throws BackendError that names the process at work.
 */
export async function alone<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const lock = join(folder, "adding");
  if (!taken(lock)) {
    const pid = owner(lock);
    if (isRunning(pid)) throw busy(pid, lock);
    rmSync(lock, { force: true });
    if (!taken(lock)) throw busy(owner(lock), lock);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** A killed process that nobody has asked after, as in a container without an init, has no command line any more. */
export function isRunning(pid: number): boolean {
  try {
    if (process.platform === "linux") return pid > 0 && readFileSync(`/proc/${pid}/cmdline`, "utf8") !== "";
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return ["EPERM", "EACCES"].includes((error as NodeJS.ErrnoException).code ?? "");
  }
}

function busy(pid: number, lock: string): BackendError {
  return new BackendError(
    `Another loadlab backend add native is at work (process ${pid}).`,
    `wait for its end; should that process be something else, remove ${lock}`,
  );
}

/** A link that leads to no file but to the number of its maker: it is there with its content, or not at all. */
function taken(lock: string): boolean {
  try {
    symlinkSync(String(process.pid), lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function owner(lock: string): number {
  try {
    return Number(readlinkSync(lock)) || 0;
  } catch {
    return 0;
  }
}
