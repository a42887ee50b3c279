import * as tf from "@tensorflow/tfjs";
import type { Shape } from "../computed-layer.js";

/** How a layer of categories gives them out; `int` leaves the indices as they are. */
export type OutputMode = "int" | "one_hot" | "multi_hot" | "count" | "tf_idf";

/** Shape of what `encode` returns. */
export function encodedShape(shape: Shape, mode: OutputMode, depth: number | null): Shape {
  if (mode === "int") return [...shape];
  const one = shape.length > 1 && shape.at(-1) === 1;
  if (mode === "one_hot") return [...(one ? shape.slice(0, -1) : shape), depth];
  return shape.length === 1 ? [depth] : [...shape.slice(0, -1), depth];
}

/**
 * One row of 0 and 1 an index, or one a sample with all of its indices (keras/utils/numerical_utils.py,
 * `encode_categorical_inputs`). Indices below 0 or beyond the depth count nowhere.
 * @param indices int32 [..., sample]
 * @param counts weights of the indices for `count`, of their shape
 */
export function encode(
  indices: tf.Tensor,
  mode: OutputMode,
  depth: number,
  counts?: tf.Tensor | null,
): tf.Tensor {
  if (mode === "int") return tf.clone(indices);
  const x = tf.cast(indices, "int32");
  const rows = tf.cast(tf.equal(tf.expandDims(x, -1), tf.range(0, depth, 1, "int32")), "float32");
  if (mode === "one_hot") return x.rank > 1 && x.shape.at(-1) === 1 ? tf.squeeze(rows, [x.rank - 1]) : rows;
  if (x.rank === 0) return rows;
  const axis = rows.rank - 2;
  if (mode === "multi_hot") return tf.max(rows, axis);
  const weighted = counts ? tf.mul(rows, tf.expandDims(tf.cast(counts, "float32"), -1)) : rows;
  return tf.sum(weighted, axis);
}
