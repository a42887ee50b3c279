import * as tf from "@tensorflow/tfjs";
import type { Generation } from "./table.js";

/**
 * The gradient of a table that rows were looked up in: one row for each look-up, where a row that was looked up twice
 * stands twice (TensorFlow's `IndexedSlices`).
 */
export interface Lookups {
  /** Rows of the table, [n]. */
  readonly ids: tf.Tensor1D;
  /** [n, width] */
  readonly values: tf.Tensor2D;
}

/** The gradient of one variable. */
export interface Gradient {
  readonly sum: tf.Tensor;
  /** Absent where the variable was used otherwise than by look-ups. */
  readonly lookups?: Lookups;
}

/** Its squares as an optimizer adds them up: Keras 3 squares each look-up, Keras 2 their sum. */
export function squaresOf(gradient: Gradient, generation: Generation): tf.Tensor {
  return elementwise(gradient, generation, tf.square);
}

/** Its absolute values, likewise. */
export function sizesOf(gradient: Gradient, generation: Generation): tf.Tensor {
  return elementwise(gradient, generation, tf.abs);
}

/** Of a loss that was multiplied by `scale`, the gradient of the loss. */
export function divided({ sum, lookups }: Gradient, scale: number): Gradient {
  if (!lookups) return { sum: tf.div(sum, scale) };
  const values = tf.div(lookups.values, scale) as tf.Tensor2D;
  return { sum: tf.div(sum, scale), lookups: { ...lookups, values } };
}

function elementwise(
  { sum, lookups }: Gradient,
  generation: Generation,
  change: (x: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  if (!lookups || generation !== "keras3") return change(sum);
  return intoTable({ ...lookups, values: change(lookups.values) as tf.Tensor2D }, sum.shape);
}

/** The look-ups added up, row by row. */
export function intoTable({ ids, values }: Lookups, shape: readonly number[]): tf.Tensor {
  return tf.reshape(tf.unsortedSegmentSum(values, ids, shape[0]!), [...shape]);
}

/** 1 in rows that were looked up, 0 in others: [rows, 1]. */
export function rowsLookedUp({ ids }: Lookups, rows: number): tf.Tensor {
  const counts = tf.unsortedSegmentSum(tf.ones([ids.shape[0], 1]), ids, rows);
  return tf.cast(tf.greater(counts, 0), "float32");
}
