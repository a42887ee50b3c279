import { spawnSync } from "node:child_process";

/** Whether a process has ended. A zombie has; who reaps it is not ours to say. */
export function hasEnded(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return /^(Z.*)?$/.test(stdout.trim());
}
