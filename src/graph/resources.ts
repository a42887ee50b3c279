import * as tf from "@tensorflow/tfjs";
import type { GraphValue, ListItem } from "./value.js";
import { release, retain, tensorsOf } from "./value.js";

/** A `tf.Variable` of the graph: keeps its value between calls. */
export class Variable {
  readonly kind = "variable";
  private current: GraphValue | null = null;
  constructor(
    readonly name: string,
    /** Says why there is no value, when one is asked for and none was restored. */
    readonly absence: string,
  ) {}

  get initialized(): boolean {
    return this.current !== null;
  }

  /** The value, still owned by the variable; null before it has one. */
  get value(): GraphValue | null {
    return this.current;
  }

  /** Takes a value over. */
  assign(value: GraphValue): void {
    tensorsOf(value).forEach((tensor) => tf.keep(tensor));
    if (this.current !== null) release(this.current);
    this.current = value;
  }

  dispose(): void {
    if (this.current !== null) release(this.current);
    this.current = null;
  }
}

/**
 * A lookup table. Keys of both types are text here: integers in decimal. A value that is a tensor is kept as its
 * elements.
 */
export class LookupTable {
  readonly kind = "table";
  readonly entries = new Map<string, readonly string[]>();
  initialized = false;
  constructor(
    readonly name: string,
    readonly keysAreText: boolean,
    readonly valuesAreText: boolean,
    /** Of one value; empty for a scalar. */
    readonly valueShape: readonly number[] = [],
    /** Whether nothing can be looked up in it before an op has filled it; others begin empty. */
    readonly filledOnce = false,
  ) {}

  /** @param values one after the other, each with as many elements as `valueShape` says */
  put(keys: readonly string[], values: readonly string[]): void {
    const width = this.valueShape.reduce((n, dim) => n * dim, 1);
    keys.forEach((key, i) => this.entries.set(key, values.slice(i * width, (i + 1) * width)));
  }
}

/** A TF1 `TensorArray` or stack: the handle is shared, so writing changes it in place. */
export class TensorStore {
  readonly kind = "store";
  readonly items: (ListItem | null)[] = [];
  private readonly gradients = new Map<string, TensorStore>();
  constructor(
    readonly name: string,
    size: number,
    readonly clearAfterRead: boolean,
    /** The array whose gradients this one collects; null for any other. */
    readonly forward: TensorStore | null = null,
  ) {
    for (let i = 0; i < size; i++) this.items.push(null);
  }

  /** @param source what the gradients are of: each call of `tf.gradients` has its own */
  gradient(source: string): TensorStore {
    const made =
      this.gradients.get(source) ?? new TensorStore(`${this.name}@${source}`, this.items.length, false, this);
    this.gradients.set(source, made);
    return made;
  }

  write(index: number, value: ListItem): void {
    const kept = retain(value);
    tensorsOf(kept).forEach((tensor) => tf.keep(tensor));
    const before = this.items[index];
    if (before) release(before);
    this.items[index] = kept;
  }

  dispose(): void {
    for (const item of this.items) if (item) release(item);
    this.items.length = 0;
  }
}

/** A random generator's state: Philox or Threefry counters are kept, the numbers are tfjs's own. */
export type Resource = Variable | LookupTable | TensorStore;
