let finish: (() => Promise<void>) | null = null;

/** Set by the WebGPU back end when it starts. */
export function finishWorkAtExit(wait: () => Promise<void>): void {
  finish = wait;
}

/**
 * To be awaited before `process.exit()`: with work in flight Dawn ends the process with a segmentation fault.
 * Needs no TensorFlow.js, and returns at once when no GPU was used.
 */
export async function finishGpuWork(): Promise<void> {
  await finish?.().catch(() => undefined);
}
