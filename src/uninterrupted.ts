import { setTimeout as sleep } from "node:timers/promises";

/** One piece of work that an interrupt must not end midway. */
interface Work {
  /** Whether the next cell waits for it. */
  readonly isStart: boolean;
}

const underWay = new Set<Work>();
let tell: (count: number) => void = () => {};
/** Who waits until no start is under way. */
let waiting: (() => void)[] = [];

/** Told by whoever interrupts: is called with how much is under way, at each change. */
export function tellUninterrupted(listener: (count: number) => void): void {
  tell = listener;
}

/**
 * Work that is of no use half done, and cannot be done again: a module whose evaluation was ended midway keeps each
 * later `import` of it waiting for ever. An interrupt ends the cell when the event loop has its turn, and the work
 * goes on.
 */
export function uninterrupted<T>(work: () => Promise<T>): Promise<T> {
  return toItsEnd(work, { isStart: false });
}

/**
 * The same for a back end, which would be neither there nor could be started again. The next cell waits for it: it
 * would be changed below it. Not for a module, which may never come.
 */
export function uninterruptedStart<T>(work: () => Promise<T>): Promise<T> {
  return toItsEnd(work, { isStart: true });
}

/** The same for work that nobody awaits: `require`. */
export function uninterruptedCall<T>(work: () => T): T {
  const call = begin({ isStart: false });
  try {
    return work();
  } finally {
    end(call);
  }
}

/** Whether something is under way that `nothingStarts` would wait for. */
export function isStarting(): boolean {
  return [...underWay].some(({ isStart }) => isStart);
}

/** Resolves when no back end that a stopped cell has begun to start is under way any more, or after `milliseconds`. */
export async function nothingStarts(milliseconds: number): Promise<void> {
  const timer = new AbortController();
  const ended = new Promise<void>((resolve) => waiting.push(resolve));
  const late = sleep(milliseconds, undefined, { signal: timer.signal, ref: false }).catch(() => undefined);
  await Promise.race([ended, late]);
  timer.abort();
}

/** After an interrupt that ended it all the same: `finally` does not run then. */
export function forgetUninterrupted(): void {
  underWay.clear();
  changed();
}

async function toItsEnd<T>(work: () => Promise<T>, as: Work): Promise<T> {
  begin(as);
  try {
    return await work();
  } finally {
    end(as);
  }
}

function begin(work: Work): Work {
  underWay.add(work);
  changed();
  return work;
}

function end(work: Work): void {
  underWay.delete(work);
  changed();
}

function changed(): void {
  tell(underWay.size);
  if (isStarting()) return;
  for (const goOn of waiting) goOn();
  waiting = [];
}
