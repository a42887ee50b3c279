import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

// All of this is read at once: an interrupt that ended it half-way would leave files open.

/** One process, as the system counts it. */
interface ProcessUse {
  readonly pid: number;
  readonly parent: number;
  /** Grows with the time at which it began; of no use beyond that. */
  readonly begun: number;
  readonly cpuSeconds: number;
  readonly residentBytes: number;
}

/** Ticks per second and bytes per page, as Linux shows them to user space on all platforms of Node. */
const TICKS = 100;
const PAGE = 4096;

/** What a process and all its descendants use together. */
export function processTree(root: number): { cpuSeconds: number; residentBytes: number } {
  const members = family(root);
  return {
    cpuSeconds: members.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    residentBytes: members.reduce((sum, { residentBytes }) => sum + residentBytes, 0),
  };
}

/** Ids of a process and all its descendants. */
export function processFamily(root: number): number[] {
  return family(root).map(({ pid }) => pid);
}

/** Ids of the child that a process began last, and of all descendants of that; none where it has no child. */
export function latestChild(parent: number): number[] {
  const all = everyProcess();
  const children = all.filter((one) => one.parent === parent).sort((a, b) => a.begun - b.begun);
  const latest = children.at(-1);
  return latest ? membersOf(latest.pid, all).map(({ pid }) => pid) : [];
}

function family(root: number): ProcessUse[] {
  return membersOf(root, everyProcess());
}

function everyProcess(): ProcessUse[] {
  return process.platform === "linux" ? fromProc() : fromPs();
}

function membersOf(root: number, all: readonly ProcessUse[]): ProcessUse[] {
  const tree = new Set([root]);
  for (let grown = true; grown;) {
    const size = tree.size;
    for (const { pid, parent } of all) if (tree.has(parent)) tree.add(pid);
    grown = tree.size > size;
  }
  return all.filter(({ pid }) => tree.has(pid));
}

/** proc(5), "/proc/pid/stat": the name in parentheses may hold anything. */
function fromProc(): ProcessUse[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    const stat = statOf(pid);
    if (stat === null) return []; // it has ended
    const fields = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    const [parent, user, system] = [fields[1]!, fields[11]!, fields[12]!];
    const [begun, pages] = [fields[19]!, fields[21]!];
    const cpuSeconds = (user + system) / TICKS;
    return [{ pid: Number(pid), parent, begun, cpuSeconds, residentBytes: pages * PAGE }];
  });
}

function statOf(pid: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return null;
  }
}

function fromPs(): ProcessUse[] {
  if (process.platform === "win32") {
    const { user, system } = process.cpuUsage();
    const own = { cpuSeconds: (user + system) / 1e6, residentBytes: process.memoryUsage.rss() };
    return [{ pid: process.pid, parent: 0, begun: 0, ...own }];
  }
  return execFileSync("ps", ["-A", "-o", "pid=,ppid=,rss=,time="], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((line) => {
      const [pid, parent, kibibytes, time] = line.trim().split(/\s+/);
      const cpuSeconds = time!.split(/[-:]/).reduce((sum, part) => sum * 60 + Number(part), 0);
      return {
        pid: Number(pid),
        parent: Number(parent),
        begun: Number(pid),
        cpuSeconds,
        residentBytes: Number(kibibytes) * 1024,
      };
    });
}
