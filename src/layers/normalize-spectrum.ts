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

/**
 * Runs what reads a variable on the value that it has now: a gradient taken later sees that value, not one that was
 * stored since, as happens where a layer that normalises its kernel is called twice in a step.
 */
export function readingOnce<T>(variable: tf.LayerVariable, run: () => T): T {
  return readingAs(variable, tf.clone(variable.read()), run);
}

/** Runs what reads a variable on another value in its place. */
export function readingAs<T>(variable: tf.LayerVariable, value: tf.Tensor, run: () => T): T {
  const read = variable.read.bind(variable);
  variable.read = () => value as tf.Variable;
  try {
    return run();
  } finally {
    variable.read = read;
  }
}

function unit(x: tf.Tensor2D): tf.Tensor2D {
  return tf.divNoNan(x, tf.norm(x));
}
