import * as tf from "@tensorflow/tfjs";

/**
 * Rows with 1 at the place of each index, float32, along a new last axis; zeros for an index outside.
 * TensorFlow.js refuses a single class, which Keras lets through.
 */
export function oneHot(indices: tf.Tensor, classes: number): tf.Tensor {
  if (classes >= 2) return tf.oneHot(tf.cast(indices, "int32"), classes, 1, 0, "float32");
  const rows = tf.cast(tf.equal(tf.expandDims(indices, -1), 0), "float32");
  return classes === 1 ? rows : tf.zeros([...indices.shape, 0]);
}
