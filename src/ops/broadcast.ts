import * as tf from "@tensorflow/tfjs";

/** As `tf.broadcastTo`, which takes a dimension of 0 for one of 1: a tensor without elements has none to repeat. */
export function broadcastTo(x: tf.Tensor, shape: readonly number[]): tf.Tensor {
  if (!shape.includes(0)) return tf.broadcastTo(x, [...shape]);
  tf.backend_util.assertAndGetBroadcastShape(x.shape, [...shape]);
  return tf.zeros([...shape], x.dtype);
}
