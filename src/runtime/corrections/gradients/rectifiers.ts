import * as tf from "@tensorflow/tfjs";
import { runKernel } from "./run-kernel.js";

/**
 * A rectifier passes its gradient on between its bounds (tensorflow relu_op_functor.h: not at them). TensorFlow.js
 * makes the step of `x`, which takes four operations on some back ends, and passes it on at 6 too. Where the back end
 * has a kernel for it under TensorFlow's name, that is used.
 */
function rectifier(kernelName: string, passes: (x: tf.Tensor) => tf.Tensor): readonly tf.GradConfig[] {
  const own = `${kernelName}Grad`;
  const pass = (dy: tf.Tensor, x: tf.Tensor): tf.Tensor =>
    tf.getKernel(own, tf.getBackend())
      ? runKernel(own, { dy, x }, {})
      : tf.mul(dy, tf.cast(passes(x), "float32"));
  return [
    { kernelName, inputsToSave: ["x"], gradFunc: (dy, [x]) => ({ x: () => pass(dy as tf.Tensor, x!) }) },
    {
      kernelName: own,
      inputsToSave: ["x"],
      gradFunc: (dy, [x]) => ({ dy: () => pass(dy as tf.Tensor, x!), x: () => tf.zerosLike(x!) }),
    },
  ];
}

const SELU_SCALE = 1.0507009873554805;
const SELU_SCALE_ALPHA = 1.7580993408473768;

/** At 0 that of the line (tensorflow relu_op_functor.h, `SeluGrad`), where TensorFlow.js takes that of the curve. */
const selu: tf.GradConfig = {
  kernelName: "Selu",
  inputsToSave: ["x"],
  gradFunc: (dy, [x]) => ({
    x: () => {
      const below = tf.mul(tf.exp(x!), SELU_SCALE_ALPHA);
      return tf.mul(dy as tf.Tensor, tf.where(tf.less(x!, 0), below, tf.fill(x!.shape, SELU_SCALE)));
    },
  }),
};

export const rectifierGradients: readonly tf.GradConfig[] = [
  selu,
  ...rectifier("Relu", (x) => tf.greater(x, 0)),
  ...rectifier("Relu6", (x) => tf.logicalAnd(tf.greater(x, 0), tf.less(x, 6))),
];
