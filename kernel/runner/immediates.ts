import { AsyncResource } from "node:async_hooks";
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers";
import { promisify } from "node:util";

/** A native immediate as Node links it into its list. */
interface Linked {
  readonly _idlePrev?: object | null;
  readonly _idleNext?: object | null;
}

/** Turns of the event loop that user code waits for a list of its own, at most. */
const PATIENCE_TURNS = 100;

const native = timers.setImmediate;
const clearNative = timers.clearImmediate;
/** What Node runs between two immediates: `process.nextTick` and promises. */
const runTicks = (process as unknown as { _tickCallback: () => void })._tickCallback;

/** What `setImmediate` gives to a cell; the process never ends for want of work, so `ref` changes nothing. */
class Immediate extends AsyncResource {
  #callback: (() => void) | null;
  #ref = true;

  constructor(callback: () => void) {
    super("Immediate");
    this.#callback = callback;
  }

  run(): void {
    const callback = this.#callback;
    this.#callback = null; // once: a termination in it must not bring it again
    if (callback) this.runInAsyncScope(callback);
  }

  clear(): void {
    this.#callback = null;
  }

  hasRef(): boolean {
    return this.#callback !== null && this.#ref;
  }

  ref(): this {
    this.#ref = true;
    return this;
  }

  unref(): this {
    this.#ref = false;
    return this;
  }
}

let waiting: Immediate[] = [];
/** Those of this turn, the first of them last. */
let due: Immediate[] = [];
let scheduled: NodeJS.Immediate | null = null;
let turns = 0;

/**
 * Gives cells a `setImmediate` that outlives a termination. Node's own list of immediates does not: what stands
 * behind the one that was terminated is lost, or fails in an endless loop inside Node. So all of the cells' run from
 * one native immediate, and only while nothing else is in its list.
 */
export function takeOverImmediates(): void {
  const set = <A extends unknown[]>(callback: (...args: A) => void, ...args: A): Immediate => {
    if (typeof callback !== "function") native(callback); // throws, as ever
    const immediate = new Immediate(() => callback(...args));
    waiting.push(immediate);
    schedule();
    return immediate;
  };
  const clear = (immediate: unknown) =>
    immediate instanceof Immediate ? immediate.clear() : clearNative(immediate as NodeJS.Immediate);
  const later = (native as unknown as Record<symbol, unknown>)[promisify.custom];
  Object.defineProperty(set, promisify.custom, { value: later });
  const own = { setImmediate: set, clearImmediate: clear };
  Object.assign(timers, own);
  Object.assign(globalThis, own);
  syncBuiltinESMExports();
}

/** To be called when something may have been terminated: what was behind it goes on. */
export function resumeImmediates(): void {
  if (scheduled) clearNative(scheduled);
  scheduled = null;
  if (waiting.length + due.length > 0) schedule();
}

function schedule(): void {
  scheduled ??= native(drain);
}

function drain(this: unknown): void {
  if (this !== scheduled) return;
  scheduled = null;
  if (!isAlone(this as Linked) && ++turns < PATIENCE_TURNS) return schedule();
  turns = 0;
  if (due.length === 0) {
    due = waiting.reverse();
    waiting = [];
  }
  try {
    while (due.length > 0) {
      due.pop()!.run();
      runTicks();
    }
  } finally {
    if (waiting.length + due.length > 0) schedule();
  }
}

function isAlone({ _idlePrev, _idleNext }: Linked): boolean {
  return !_idlePrev && !_idleNext;
}
