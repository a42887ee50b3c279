import { promisify } from "node:util";
import type { CellStreams } from "./cell-streams.js";

type Set = (callback: (...args: unknown[]) => void, ...rest: unknown[]) => unknown;

/**
 * The timers that cells find: those that a cell has set end when it is interrupted. Libraries use Node's own, which
 * they may need later.
 */
export function cellTimers(streams: CellStreams): Readonly<Record<string, unknown>> {
  const { setTimeout, setInterval, setImmediate } = globalThis;
  return {
    setTimeout: ending(setTimeout as unknown as Set, clearTimeout, streams),
    setInterval: ending(setInterval as unknown as Set, clearInterval, streams),
    setImmediate: ending(setImmediate as unknown as Set, clearImmediate, streams),
  };
}

function ending(set: Set, clear: (timer: never) => void, streams: CellStreams): Set {
  const own: Set = (callback, ...rest) => {
    if (typeof callback !== "function") return set(callback); // throws, as ever
    const mark = streams.awaits();
    const timer = set(
      (...args) => {
        if (streams.mayGoOn(mark) || resumesAnAwait(callback)) callback(...args);
        else clear(timer as never);
      },
      ...rest,
    );
    return timer;
  };
  Object.defineProperty(own, "name", { value: set.name });
  const later = (set as unknown as Record<symbol, unknown>)[promisify.custom];
  if (later) Object.defineProperty(own, promisify.custom, { value: later });
  return own;
}

/** `new Promise((resolve) => setTimeout(resolve, 100))`: who awaits that ends by itself, with its `finally`. */
function resumesAnAwait(callback: object): boolean {
  return /\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(callback));
}
