import * as tf from "@tensorflow/tfjs";

/**
 * A magnitude is flat at 0 (tensorflow math_grad.py `_AbsGrad`: the sign). TensorFlow.js has -1 there: a penalty on
 * weights that are 0 moved them, and so did an error of none.
 */
export const magnitudeGradient: tf.GradConfig = {
  kernelName: "Abs",
  inputsToSave: ["x"],
  gradFunc: (dy, [x]) => ({ x: () => tf.mul(dy as tf.Tensor, tf.cast(tf.sign(x!), "float32")) }),
};
