import { setTimeout as sleep } from "node:timers/promises";

/** What is under way of work that an interrupt must not end midway. */
let count = 0;
let tell: (count: number) => void = () => {};
/** Who waits until nothing is. */
let waiting: (() => void)[] = [];

/** Told by whoever interrupts: is called with how much is under way, at each change. */
export function tellUninterrupted(listener: (count: number) => void): void {
  tell = listener;
}

/**
 * Work that is of no use half done, and cannot be done again: a module whose evaluation was ended midway keeps each
 * later `import` of it waiting for ever, a back end that was is neither there nor can be started. An interrupt ends
 * the cell when the event loop has its turn, and the work goes on.
 */
export async function uninterrupted<T>(work: () => Promise<T>): Promise<T> {
  change(1);
  try {
    return await work();
  } finally {
    change(-1);
  }
}

/** The same for work that nobody awaits: `require`. */
export function uninterruptedCall<T>(work: () => T): T {
  change(1);
  try {
    return work();
  } finally {
    change(-1);
  }
}

/** Whether something is, that `nothingUnderWay` would wait for. */
export function isUnderWay(): boolean {
  return count > 0;
}

/**
 * Resolves when nothing is under way any more: what a stopped cell has begun goes on, and would change the back end
 * below the next one. Waits no longer than `milliseconds`, for a module that never comes.
 */
export async function nothingUnderWay(milliseconds: number): Promise<void> {
  const timer = new AbortController();
  const ended = new Promise<void>((resolve) => waiting.push(resolve));
  const late = sleep(milliseconds, undefined, { signal: timer.signal, ref: false }).catch(() => undefined);
  await Promise.race([ended, late]);
  timer.abort();
}

/** After an interrupt that ended it all the same: `finally` does not run then. */
export function forgetUninterrupted(): void {
  change(-count);
}

function change(by: number): void {
  count = Math.max(0, count + by);
  tell(count);
  if (count > 0) return;
  for (const goOn of waiting) goOn();
  waiting = [];
}
