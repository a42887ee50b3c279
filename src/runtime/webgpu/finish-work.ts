const waits = new Set<() => Promise<void>>();

/** Set by back ends on a GPU when they start. */
export function finishWorkAtExit(wait: () => Promise<void>): void {
  waits.add(wait);
}

/**
 * Waits for what a GPU was given to do. To be awaited before `process.exit()`: with work in flight Dawn ends the
 * process with a segmentation fault. Needs no TensorFlow.js, and returns at once when no GPU was used.
 */
export async function finishGpuWork(): Promise<void> {
  for (const wait of waits) await wait().catch(() => undefined);
}
