import * as tf from "@tensorflow/tfjs";
import type { Kernel, KernelTable } from "../kernel.js";

/** Gradients of activations, as training signatures hold them, and losses (tensorflow/core/ops/nn_ops.cc). */
export const gradient: KernelTable = {
  ReluGrad: of((dy, x) => tf.mul(dy, positive(x))),
  Relu6Grad: of((dy, x) => tf.mul(dy, tf.mul(positive(x), positive(tf.sub(6, x))))),
  // These two are given the outputs of the activation.
  EluGrad: of((dy, y) => tf.where(tf.less(y, 0), tf.mul(dy, tf.add(y, 1)), dy)),
  SeluGrad: of((dy, y) =>
    tf.where(tf.less(y, 0), tf.mul(dy, tf.add(y, SELU_SCALE * SELU_ALPHA)), tf.mul(dy, SELU_SCALE)),
  ),
  SoftplusGrad: of((dy, x) => tf.mul(dy, tf.sigmoid(x))),
  SoftsignGrad: of((dy, x) => tf.div(dy, tf.square(tf.add(1, tf.abs(x))))),
  LeakyReluGrad: {
    run: (call) => {
      const [dy, x] = [call.tensor(0), call.tensor(1)];
      return tf.where(tf.greater(x, 0), dy, tf.mul(dy, call.attributes.float("alpha", 0.2)));
    },
  },
  // The value comes first, then the gradient.
  TanhGrad: of((y, dy) => tf.mul(dy, tf.sub(1, tf.square(y)))),
  SigmoidGrad: of((y, dy) => tf.mul(dy, tf.mul(y, tf.sub(1, y)))),
  SqrtGrad: of((y, dy) => tf.div(tf.mul(dy, 0.5), y)),
  RsqrtGrad: of((y, dy) => tf.mul(tf.mul(dy, -0.5), tf.mul(tf.square(y), y))),
  InvGrad: of((y, dy) => tf.neg(tf.mul(dy, tf.square(y)))),
  ReciprocalGrad: of((y, dy) => tf.neg(tf.mul(dy, tf.square(y)))),
  SoftmaxCrossEntropyWithLogits: {
    run: (call) => crossEntropy(call.tensor(0), call.tensor(1)),
    outputs: ["loss", "backprop"],
  },
  SparseSoftmaxCrossEntropyWithLogits: {
    run: (call) => {
      const logits = call.tensor(0);
      const labels = tf.oneHot(tf.cast(call.tensor(1), "int32") as tf.Tensor1D, logits.shape[1]!);
      return crossEntropy(logits, tf.cast(labels, "float32"));
    },
    outputs: ["loss", "backprop"],
  },
};

const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;

function of(op: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Kernel {
  return { run: (call) => op(call.tensor(0), call.tensor(1)) };
}

function positive(x: tf.Tensor): tf.Tensor {
  return tf.cast(tf.greater(x, 0), "float32");
}

function crossEntropy(logits: tf.Tensor, labels: tf.Tensor): tf.Tensor[] {
  const logs = tf.logSoftmax(logits);
  return [tf.neg(tf.sum(tf.mul(labels, logs), -1)), tf.sub(tf.exp(logs), labels)];
}
