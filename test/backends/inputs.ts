import * as tf from "@tensorflow/tfjs";

export type Numeric = "float32" | "int32" | "bool";

/** A shape of each rank, no two axes of the same length side by side. */
export const SHAPES: readonly (readonly number[])[] = [
  [7],
  [5, 7],
  [2, 5, 7],
  [2, 3, 2, 7],
  [2, 3, 2, 3, 5],
  [2, 3, 2, 3, 2, 3],
];

/** The same numbers on every back end: a linear congruential sequence in [-1, 1). */
export function sequence(length: number, seed = 1): number[] {
  let state = (seed * 2654435761) % 2147483647;
  return Array.from({ length }, () => {
    state = (state * 48271) % 2147483647;
    return (2 * state) / 2147483647 - 1;
  });
}

/** A tensor of that sequence: floats in (-2, 2) away from 0 and from each other's ties, integers in -5..5. */
export function input(shape: readonly number[], dtype: Numeric = "float32", seed = 1): tf.Tensor {
  const length = shape.reduce((product, size) => product * size, 1);
  const numbers = sequence(length, seed);
  if (dtype === "float32")
    return tf.tensor(
      numbers.map((x) => 2 * x),
      [...shape],
      "float32",
    );
  if (dtype === "int32")
    return tf.tensor(
      numbers.map((x) => Math.round(5 * x)),
      [...shape],
      "int32",
    );
  return tf.tensor(
    numbers.map((x) => x > 0),
    [...shape],
    "bool",
  );
}

export function described(shape: readonly number[], dtype: string): string {
  return `[${shape.join(",")}] ${dtype}`;
}
