import { inspect } from "node:util";

/**
 * Keeps the marks that Node's AsyncLocalStorage leaves on promises out of what is printed; without this, a promise
 * shows the whole machinery of the kernel. Node 24 leaves none.
 */
export function tidyPromises(): void {
  Object.defineProperty(Promise.prototype, inspect.custom, {
    configurable: true,
    value(this: Promise<unknown>, depth: number, options: object) {
      for (const key of Object.getOwnPropertySymbols(this))
        if (
          /^(?:async_id_symbol|trigger_async_id_symbol|kResourceStore|destroyed)$/.test(key.description ?? "")
        )
          Object.defineProperty(this, key, { enumerable: false });
      return inspect(this, { ...options, depth, customInspect: false });
    },
  });
}
