import * as tf from "@tensorflow/tfjs";

export interface Clipping {
  /** Longest gradient of one variable. */
  readonly clipnorm: number | null;
  /** Longest gradient of all variables together. */
  readonly globalClipnorm: number | null;
  /** Largest element. */
  readonly clipvalue: number | null;
}

/** Gradients within the bounds that the optimizer was given; only one of the three applies, as in Keras. */
export function clipped(gradients: readonly tf.Tensor[], bounds: Clipping): readonly tf.Tensor[] {
  const { clipnorm, globalClipnorm, clipvalue } = bounds;
  if (clipnorm) return gradients.map((g) => shortened(g, tf.norm(g), clipnorm));
  if (globalClipnorm) {
    const all = tf.sqrt(tf.addN(gradients.map((g) => tf.sum(tf.square(g)))));
    return gradients.map((g) => shortened(g, all, globalClipnorm));
  }
  if (clipvalue) return gradients.map((g) => tf.clipByValue(g, -clipvalue, clipvalue));
  return gradients;
}

function shortened(gradient: tf.Tensor, length: tf.Tensor, most: number): tf.Tensor {
  return tf.div(tf.mul(gradient, most), tf.maximum(length, most));
}
