import * as tf from "@tensorflow/tfjs";

/** `tf.divNoNan`, 0 where the divisor is 0, with a gradient that is 0 there too: that of TensorFlow.js is NaN. */
export function divideNoNan(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const none = tf.equal(b, 0);
  const quotient = tf.div(a, tf.where(none, tf.onesLike(b), b));
  return tf.where(tf.broadcastTo(none, quotient.shape), tf.zerosLike(quotient), quotient);
}
