import * as tf from "@tensorflow/tfjs";

/**
 * A metric as sums over batches: what a batch adds to them, and what they say in the end. So it is exact over an
 * epoch, whatever the sizes of its batches.
 */
export interface Metric {
  /** As Keras names it in the history. */
  readonly name: string;
  /** The mean of a function's values: of Keras 3's metrics those alone know of masks. */
  readonly ofFunction?: boolean;
  /** @param weights one for each sample or element; null for none */
  increments(yTrue: tf.Tensor, yPred: tf.Tensor, weights: tf.Tensor | null): tf.Tensor[];
  /** One number; the mean where Keras gives several. */
  result(totals: readonly tf.Tensor[]): tf.Scalar;
}

/** The mean of several results, for a history of numbers. */
export function oneNumber(result: tf.Tensor): tf.Scalar {
  return tf.mean(result).asScalar();
}

/** 0 where the divisor is 0, as Keras's `divide_no_nan`. */
export function ratio(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return tf.divNoNan(a, b);
}
