import os from "node:os";
import { processTree } from "../process-tree.js";
import type { Handler } from "./handler.js";

/** Times at the last request, by which the load since then is told. */
interface Sample {
  readonly at: number;
  readonly kernelSeconds: number;
  readonly hostBusy: number;
  readonly hostAll: number;
}

const last = new WeakMap<object, Sample>();

/**
 * What this kernel uses: its two processes and all that cells have started, as ipykernel says it; and the tensors
 * that were alive at the end of the latest cell.
 * https://github.com/ipython/ipykernel/blob/main/ipykernel/kernelbase.py (usage_request)
 */
export const usage: Handler = (kernel) => {
  const tree = processTree(process.pid);
  const sample = { at: performance.now(), kernelSeconds: tree.cpuSeconds, ...hostTimes() };
  const before = last.get(kernel);
  last.set(kernel, sample);
  return {
    hostname: os.hostname(),
    pid: kernel.runner.pid ?? process.pid,
    kernel_cpu: before ? kernelPercent(before, sample) : 0,
    kernel_memory: tree.residentBytes,
    kernel_heap_limit: kernel.runner.heapLimitMiB * 2 ** 20,
    tensors: kernel.runner.tensors,
    cpu_count: os.cpus().length,
    host_cpu_percent: before ? hostPercent(before, sample) : 0,
    host_virtual_memory: hostMemory(),
  };
};

function kernelPercent(before: Sample, now: Sample): number {
  return (100_000 * (now.kernelSeconds - before.kernelSeconds)) / (now.at - before.at);
}

function hostPercent(before: Sample, now: Sample): number {
  return (100 * (now.hostBusy - before.hostBusy)) / Math.max(1, now.hostAll - before.hostAll);
}

function hostTimes(): { hostBusy: number; hostAll: number } {
  const times = os.cpus().map(({ times }) => times);
  const hostAll = times.reduce((sum, t) => sum + t.user + t.nice + t.sys + t.idle + t.irq, 0);
  return { hostAll, hostBusy: hostAll - times.reduce((sum, t) => sum + t.idle, 0) };
}

function hostMemory() {
  const total = os.totalmem();
  const free = os.freemem();
  return { total, available: free, free, used: total - free, percent: (100 * (total - free)) / total };
}
