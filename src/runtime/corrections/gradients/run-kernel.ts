import * as tf from "@tensorflow/tfjs";

/** A kernel by name, where TensorFlow.js exports no operation for it. */
export function runKernel<T extends tf.Tensor>(
  name: string,
  inputs: Record<string, tf.Tensor>,
  attributes: object,
): T {
  return tf.engine().runKernel(name, inputs, attributes as tf.NamedAttrMap) as T;
}
