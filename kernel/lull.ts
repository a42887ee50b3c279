import { setTimeout as sleep } from "node:timers/promises";
import type { Kernel } from "./kernel.js";

export interface LullOptions {
  /** Milliseconds without the beginning of a cell. */
  readonly quiet: number;
  /** Milliseconds after which it is waited no more. */
  readonly longest: number;
  /** Whether a cell that runs is waited for too. */
  readonly idle: boolean;
}

/** Resolves when no cell begins for a moment: cells that follow each other need the processor themselves. */
export async function lull(kernel: Kernel, { quiet, longest, idle }: LullOptions): Promise<void> {
  for (let waited = 0; waited < longest; waited += quiet) {
    const before = kernel.history.executionCount;
    await sleep(quiet, undefined, { ref: false });
    if (kernel.history.executionCount === before && !(idle && kernel.isBusy)) return;
  }
}
