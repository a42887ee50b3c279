import * as tf from "@tensorflow/tfjs";
import { decodeText, encodeText } from "./byte-text.js";
import type { Resource } from "./resources.js";

/** Strings are bytes in TensorFlow, and stay on the host: no back end computes with them. */
export class StringTensor {
  readonly dtype = "string";
  constructor(
    readonly shape: readonly number[],
    readonly values: readonly Uint8Array[],
  ) {}

  static fromText(shape: readonly number[], text: readonly string[]): StringTensor {
    return new StringTensor(shape, text.map(encodeText));
  }

  /** @see decodeText */
  text(): string[] {
    return this.values.map(decodeText);
  }
}

/** 64-bit integers beyond 32 bits: no back end holds them. Fine as slice bounds, an error as data. */
export class WideIntegers {
  readonly dtype = "int64";
  constructor(
    readonly shape: readonly number[],
    readonly values: readonly bigint[],
  ) {}
}

/** What a list can hold. */
export type ListItem = tf.Tensor | StringTensor | WideIntegers | TensorList | Variant | Variants;

/**
 * A list of tensors (`tf.TensorArray` of TF2, the variant `TensorList`). Lists are values: whoever writes to one that
 * another still holds gets a copy.
 */
export class TensorList {
  private holders = 1;
  constructor(
    readonly items: (ListItem | null)[],
    /** Shape of an element as far as it is known; -1 is unknown, null no rank. */
    public elementShape: readonly number[] | null,
    readonly elementType: tf.DataType,
  ) {}

  retain(): this {
    this.holders++;
    return this;
  }

  get shared(): boolean {
    return this.holders > 1;
  }

  release(): void {
    if (--this.holders > 0) return;
    for (const item of this.items) if (item !== null) release(item);
  }

  copy(): TensorList {
    const items = this.items.map((item) => (item === null ? null : (retain(item) as tf.Tensor)));
    return new TensorList(items, this.elementShape, this.elementType);
  }
}

/** A ragged tensor inside a variant, and other values that pass through a variant as they are. */
export class Variant {
  constructor(readonly values: readonly (tf.Tensor | StringTensor)[]) {}
}

/** A tensor of variants, in the order of its elements. */
export class Variants {
  constructor(
    readonly shape: readonly number[],
    readonly items: readonly Variant[],
  ) {}

  /** Along the first axis: variants, or tensors of them. */
  rows(): (Variant | Variants)[] {
    const [, ...inner] = this.shape;
    if (inner.length === 0) return [...this.items];
    const width = inner.reduce((n, dim) => n * dim, 1);
    return Array.from(
      { length: this.shape[0] ?? 0 },
      (_, i) => new Variants(inner, this.items.slice(i * width, (i + 1) * width)),
    );
  }

  static stack(rows: readonly (Variant | Variants)[]): Variants {
    const [first] = rows;
    const inner = first instanceof Variants ? first.shape : [];
    return new Variants(
      [rows.length, ...inner],
      rows.flatMap((row) => (row instanceof Variants ? [...row.items] : [row])),
    );
  }
}

/** Complex numbers as two tensors: not every back end has a complex type. */
export class ComplexTensor {
  constructor(
    readonly real: tf.Tensor,
    readonly imaginary: tf.Tensor,
  ) {}

  get shape(): readonly number[] {
    return this.real.shape;
  }
}

/** What flows along an edge of the graph. */
export type GraphValue =
  tf.Tensor | StringTensor | WideIntegers | TensorList | Variant | Variants | ComplexTensor | Resource;

/** A value of one's own: released on its own. */
export function retain<T extends GraphValue>(value: T): T {
  if (value instanceof tf.Tensor) return tf.clone(value) as unknown as T;
  if (value instanceof TensorList) return value.retain() as unknown as T;
  if (value instanceof Variant)
    return new Variant(value.values.map((inner) => retain(inner))) as unknown as T;
  if (value instanceof Variants) return new Variants(value.shape, value.items.map(retain)) as unknown as T;
  if (value instanceof ComplexTensor) {
    return new ComplexTensor(tf.clone(value.real), tf.clone(value.imaginary)) as unknown as T;
  }
  return value;
}

/** The tensors of the back end that a value is made of. */
export function tensorsOf(value: GraphValue): tf.Tensor[] {
  if (value instanceof tf.Tensor) return [value];
  if (value instanceof ComplexTensor) return [value.real, value.imaginary];
  if (value instanceof Variants) return value.items.flatMap(tensorsOf);
  return value instanceof Variant ? value.values.filter((inner) => inner instanceof tf.Tensor) : [];
}

export function release(value: GraphValue): void {
  if (value instanceof tf.Tensor) value.dispose();
  else if (value instanceof TensorList) value.release();
  else if (value instanceof Variant) value.values.forEach(release);
  else if (value instanceof Variants) value.items.forEach(release);
  else if (value instanceof ComplexTensor) {
    value.real.dispose();
    value.imaginary.dispose();
  }
}
