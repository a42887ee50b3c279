import * as tf from "@tensorflow/tfjs";

/**
 * Divides a kernel by its largest singular value, found by power iteration, and stores it and the vector of the
 * iteration: what SpectralNormalization does before each step of training
 * (keras/layers/normalization/spectral_normalization.py). A kernel of zeros stays.
 * @param kernel its last axis is the outputs
 * @param u [1, outputs]
 * @param iterations at least 1
 */
export function normalizeSpectrum(kernel: tf.LayerVariable, u: tf.LayerVariable, iterations: number): void {
  const stored = kernel.read();
  const matrix = tf.reshape(stored, [-1, stored.shape.at(-1)!]) as tf.Tensor2D;
  let right = u.read() as tf.Tensor2D;
  let left = right;
  for (let i = 0; i < iterations; i++) {
    left = unit(tf.matMul(right, matrix, false, true));
    right = unit(tf.matMul(left, matrix));
  }
  const largest = tf.matMul(tf.matMul(left, matrix), right, false, true);
  const zeros = tf.equal(largest, 0).asScalar();
  kernel.write(tf.where(zeros, stored, tf.div(stored, tf.reshape(largest, []))));
  u.write(tf.where(zeros, u.read(), right));
}

function unit(x: tf.Tensor2D): tf.Tensor2D {
  return tf.divNoNan(x, tf.norm(x));
}
