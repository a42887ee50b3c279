import { heldBytes } from "./held-bytes.js";

/** Results that are kept; with more, or larger ones, the oldest are let go ... */
const MOST = 1000;
const MOST_BYTES = 256 * 2 ** 20;
/** ... but never the latest, which have names of their own. */
const NAMED = 3;
/** Let go or not, older ones are forgotten. */
const MOST_KNOWN = 2000;

interface Result {
  readonly executionCount: number;
  readonly bytes: number;
  /** Weak once it has been let go: as long as something else holds the object, it is still found. */
  held: { readonly value: unknown } | { readonly reference: WeakRef<object> };
}

/**
 * The results of the cells so far: `Out[n]`. They hold at most 1000 values and 256 MiB, tensors counted, so that
 * looking at large values does not fill the memory.
 */
export class Results {
  readonly #results = new Map<number, Result>();
  /** Those that are not weak, oldest first, and what they hold together. */
  readonly #held: Result[] = [];
  #heldBytes = 0;
  /** Newest first. */
  readonly #latest: Result[] = [];
  /** What cells see: an object by execution count. `delete Out[n]` lets a result go. */
  readonly view: Record<string, unknown> = this.#createView();

  add(executionCount: number, value: unknown): void {
    if (value === this.view) return;
    this.#forget(executionCount); // a cell that is numbered twice: the order is that of the runs
    const result: Result = { executionCount, bytes: heldBytes(value), held: { value } };
    this.#results.set(executionCount, result);
    this.#latest.unshift(result);
    this.#latest.splice(NAMED);
    this.#held.push(result);
    this.#heldBytes += result.bytes;
    this.#letGo();
    for (const oldest of this.#results.keys()) {
      if (this.#results.size <= MOST_KNOWN) break;
      this.#results.delete(oldest);
    }
  }

  /** The latest result for 0, the one before for 1, ...; undefined if there is none. */
  latest(index: number): unknown {
    const result = this.#latest[index];
    return result && this.#valueOf(result);
  }

  kept(): { count: number; bytes: number } {
    return { count: this.#held.length, bytes: this.#heldBytes };
  }

  #letGo(): void {
    while (this.#held.length > MOST || (this.#heldBytes > MOST_BYTES && this.#held.length > NAMED)) {
      const oldest = this.#held.shift()!;
      this.#heldBytes -= oldest.bytes;
      this.#weaken(oldest);
    }
  }

  #forget(executionCount: number): void {
    const result = this.#results.get(executionCount);
    if (!result) return;
    this.#results.delete(executionCount);
    if (remove(this.#held, result)) this.#heldBytes -= result.bytes;
    remove(this.#latest, result);
  }

  #weaken(result: Result): void {
    const { value } = result.held as { readonly value: unknown };
    if ((typeof value === "object" && value !== null) || typeof value === "function")
      result.held = { reference: new WeakRef(value) };
    else this.#results.delete(result.executionCount);
  }

  /** @throws ReferenceError for a result that was let go. */
  #valueOf({ executionCount, held }: Result): unknown {
    if ("value" in held) return held.value;
    const value = held.reference.deref();
    if (value) return value;
    throw new ReferenceError(
      `Out[${executionCount}] was let go: results are kept up to ${MOST} values and ${MOST_BYTES / 2 ** 20} MiB. ` +
        `Give a large value a name to keep it, and run its cell again.`,
    );
  }

  #createView(): Record<string, unknown> {
    const find = (key: string | symbol) =>
      typeof key === "string" ? this.#results.get(Number(key)) : undefined;
    return new Proxy<Record<string, unknown>>(Object.create(null), {
      get: (_, key) => {
        const result = find(key);
        return result && this.#valueOf(result);
      },
      has: (_, key) => find(key) !== undefined,
      set: () => false,
      deleteProperty: (_, key) => {
        if (typeof key === "string") this.#forget(Number(key));
        return true;
      },
      ownKeys: () => [...this.#results.keys()].map(String),
      getOwnPropertyDescriptor: (_, key) => {
        const result = find(key);
        return result && { get: () => this.#valueOf(result), enumerable: true, configurable: true };
      },
    });
  }
}

/** @returns whether it was there. */
function remove(list: Result[], result: Result): boolean {
  const at = list.indexOf(result);
  if (at >= 0) list.splice(at, 1);
  return at >= 0;
}
