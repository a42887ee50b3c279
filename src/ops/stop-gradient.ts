import * as tf from "@tensorflow/tfjs";

/** `x`, through which no gradient goes (tf.stop_gradient): what made it does not learn from what follows. */
export function stopGradient(x: tf.Tensor): tf.Tensor {
  return tf.customGrad((value) => ({
    value: tf.clone(value as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy),
  }))(x);
}
