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

/** Three quarters of what this machine or container has; V8's own default is far less on large machines. */
function heapLimitOfMachine(): number {
  const constrained = process.constrainedMemory();
  const available = constrained > 0 ? Math.min(constrained, os.totalmem()) : os.totalmem();
  return Math.max(256, Math.floor((available * 0.75) / 2 ** 20));
}
