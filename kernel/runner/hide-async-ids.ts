import { ChildProcess } from "node:child_process";
import { inspect, type InspectOptions } from "node:util";

/** Properties that Node 20 and 22 give each promise and each handle while an AsyncLocalStorage is in use. */
const ASYNC_IDS = /^(async_id_symbol|trigger_async_id_symbol|kResourceStore)$/;

/**
 * Lets promises, and the handles within child processes and sockets, look as they would without the kernel's
 * bookkeeping: `Promise { 1 }`.
 */
export function hideAsyncIds(): void {
  hideIn(Promise.prototype);
  // What all handles of Node inherit from; a child process has one before it is started.
  const { _handle: handle } = new ChildProcess() as unknown as { readonly _handle?: object };
  for (
    let at = handle && (Object.getPrototypeOf(handle) as object | null);
    at;
    at = Object.getPrototypeOf(at)
  )
    if (Object.hasOwn(at, "getAsyncId")) hideIn(at);
}

function hideIn(prototype: object): void {
  Object.defineProperty(prototype, inspect.custom, {
    configurable: true,
    writable: true,
    enumerable: false,
    value(this: object) {
      for (const key of Object.getOwnPropertySymbols(this))
        if (ASYNC_IDS.test(key.description ?? "")) Object.defineProperty(this, key, { enumerable: false });
      return this; // go on as ever
    },
  });
}

/** What Node's timers need for themselves, and what tells cells apart. */
const OF_NODE = ["_idlePrev", "_idleNext", "_idleStart", "_timerArgs"];

/** Lets a timer look the same each time: `Timeout { _idleTimeout: 10, _onTimeout: [Function], ... }`. */
export function hideTimerLists(): void {
  const timer = setTimeout(() => {}, 0);
  clearTimeout(timer);
  Object.defineProperty(Object.getPrototypeOf(timer), inspect.custom, {
    configurable: true,
    writable: true,
    enumerable: false,
    value(this: NodeJS.Timeout, _: number, options: InspectOptions) {
      const shown = Object.entries(this).filter(([name]) => !OF_NODE.includes(name));
      const timer = Object.assign(
        Object.create(Object.getPrototypeOf(this) as object),
        Object.fromEntries(shown),
      ) as object;
      return inspect(timer, { ...options, depth: 0, customInspect: false });
    },
  });
}
