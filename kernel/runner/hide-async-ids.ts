import { inspect } from "node:util";

/** Properties that Node 20 and 22 give each promise while an AsyncLocalStorage is in use. */
const ASYNC_IDS = /^(async_id_symbol|trigger_async_id_symbol|kResourceStore)$/;

/** Lets a promise look as it would without the kernel's bookkeeping: `Promise { 1 }`. */
export function hideAsyncIds(): void {
  Object.defineProperty(Promise.prototype, inspect.custom, {
    configurable: true,
    writable: true,
    enumerable: false,
    value(this: Promise<unknown>) {
      for (const key of Object.getOwnPropertySymbols(this))
        if (ASYNC_IDS.test(key.description ?? "")) Object.defineProperty(this, key, { enumerable: false });
      return this; // go on as ever
    },
  });
}
