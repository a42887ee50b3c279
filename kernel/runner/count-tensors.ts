import type { TensorCount } from "./messages.js";

/** TensorFlow.js keeps its one engine here, so it can be asked without being loaded. */
interface WithEngine {
  readonly _tfengine?: { memory(): { readonly numTensors: number; readonly numBytes: number } };
}

export function countTensors(): TensorCount | null {
  try {
    const memory = (globalThis as WithEngine)._tfengine?.memory();
    return memory ? { count: memory.numTensors, bytes: memory.numBytes } : null;
  } catch {
    return null; // no back end yet
  }
}
