import type * as tf from "@tensorflow/tfjs";

const free = new WeakMap<tf.Tensor, readonly number[]>();

/** Says that values, not shapes, decide how long a result is along some axes: no trial can tell. */
export function withFreeLengths<T extends tf.Tensor>(x: T, ...axes: readonly number[]): T {
  free.set(x, axes);
  return x;
}

/** The axes whose lengths follow from values alone. */
export function freeLengthsOf(x: tf.Tensor): readonly number[] {
  return free.get(x) ?? [];
}
