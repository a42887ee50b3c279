import os from "node:os";

export interface RunnerOptions {
  /** URL of the module that runs cells (an `EngineModule`). */
  readonly engine: string;
  /** Limit of the JavaScript heap; tensors and buffers are outside it. */
  readonly heapLimitMiB: number;
}

export function defaultRunnerOptions(): RunnerOptions {
  return {
    engine: new URL("../cells/index.js", import.meta.url).href,
    heapLimitMiB: heapLimitOfMachine(),
  };
}

/** Options of Node for the process of the cells. */
export function nodeOptions({ heapLimitMiB }: RunnerOptions): string[] {
  return [
    // Else Node aborts when an interrupt ends a timer's callback ("async hook stack has become corrupted").
    "--no-force-async-hooks-checks",
    `--max-old-space-size=${heapLimitMiB}`,
  ];
}

/** Three quarters of what this machine or container has; V8's own default is far less on large machines. */
function heapLimitOfMachine(): number {
  const constrained = process.constrainedMemory();
  const available = constrained > 0 ? Math.min(constrained, os.totalmem()) : os.totalmem();
  return Math.max(256, Math.floor((available * 0.75) / 2 ** 20));
}
