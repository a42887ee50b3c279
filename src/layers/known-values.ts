import * as tf from "@tensorflow/tfjs";

/** What an operation returned when it was tried, by the length that stood in place of each unknown one. */
export type KnownValue = ReadonlyMap<number, Known>;

export interface Known {
  readonly shape: readonly number[];
  readonly dtype: tf.DataType;
  /** Null where they do not follow from lengths alone. */
  readonly values: readonly number[] | null;
}

/** What is computed from lengths alone is short: a shape, an axis, a range. */
const LONGEST = 64;

const known = new WeakMap<tf.SymbolicTensor, KnownValue>();

/**
 * What a symbolic tensor of an operation is for a length: its shape, and its values where they follow from lengths
 * alone (`tf.shape(x)[1] // 2`).
 */
export function knownValue(tensor: tf.SymbolicTensor): KnownValue | null {
  return known.get(tensor) ?? null;
}

export function setKnownValue(tensor: tf.SymbolicTensor, value: KnownValue | null): void {
  if (value !== null) known.set(tensor, value);
}

/** @param withValues whether they follow from lengths alone */
export function knownOf(tensor: tf.Tensor, withValues: boolean): Known {
  const { shape, dtype } = tensor;
  const kept = withValues && tensor.size <= LONGEST && dtype !== "string";
  return { shape, dtype, values: kept ? Array.from(tensor.dataSync()) : null };
}
