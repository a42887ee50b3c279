import * as tf from "@tensorflow/tfjs";
import type { Kernel, KernelTable, OpCall } from "../kernel.js";
import { intVector } from "./shape.js";
import { conv2d, pool2d } from "./convolution.js";
import { stridedUpdate } from "./scatter.js";
import { oneHot } from "../../ops/one-hot.js";

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
  BroadcastGradientArgs: { host: [0, 1], run: broadcastArgs },
  BiasAddGrad: {
    run: (call) => {
      const dy = call.tensor(0);
      const channel = call.attributes.text("data_format", "NHWC") === "NCHW" ? 1 : dy.rank - 1;
      return tf.sum(
        dy,
        dy.shape.flatMap((_, d) => (d === channel ? [] : [d])),
      );
    },
  },
  StridedSliceGrad: {
    host: [0, 1, 2, 3],
    run: (call) => {
      const zeros = tf.zeros(call.checkedShape(call.numbers(0)), call.tensor(4).dtype);
      return stridedUpdate(call, zeros, call.tensor(4));
    },
  },
  // The input, the output, and the gradient of the output.
  MaxPoolGrad: {
    run: (call) => tf.grad((x) => pool2d(call, x, "max"))(call.tensor(0), call.tensor(2)),
  },
  AvgPoolGrad: {
    host: [0],
    run: (call) => tf.grad((x) => pool2d(call, x, "avg"))(tf.zeros(call.numbers(0)), call.tensor(1)),
  },
  Conv2DBackpropFilter: {
    host: [1],
    run: (call) => {
      const x = call.tensor(0);
      return tf.grad((filter) => conv2d(call, x, filter))(tf.zeros(call.numbers(1)), call.tensor(2));
    },
  },
  SoftmaxCrossEntropyWithLogits: {
    run: (call) => crossEntropy(call.tensor(0), call.tensor(1)),
    outputs: ["loss", "backprop"],
  },
  SparseSoftmaxCrossEntropyWithLogits: {
    run: (call) => {
      const logits = call.tensor(0);
      return crossEntropy(logits, oneHot(call.tensor(1), logits.shape[1]!));
    },
    outputs: ["loss", "backprop"],
  },
};

const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;

function of(op: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Kernel {
  return { run: (call) => op(call.tensor(0), call.tensor(1)) };
}

/** The dimensions that each of two shapes is repeated along when they are broadcast to each other. */
function broadcastArgs(call: OpCall): tf.Tensor[] {
  const shapes = [call.numbers(0), call.numbers(1)] as const;
  const rank = Math.max(shapes[0].length, shapes[1].length);
  const [a, b] = shapes.map((shape) => [...new Array<number>(rank - shape.length).fill(1), ...shape]) as [
    number[],
    number[],
  ];
  const missing = shapes.map((shape) => rank - shape.length);
  const axes = ([own, other]: readonly [number[], number[]], lacks: number): number[] =>
    own.flatMap((dim, d) =>
      d < lacks || (dim === 1 && other[d] !== 1) || (dim === 1 && own[d] === other[d]) ? [d] : [],
    );
  return [intVector(axes([a, b], missing[0]!)), intVector(axes([b, a], missing[1]!))];
}

function positive(x: tf.Tensor): tf.Tensor {
  return tf.cast(tf.greater(x, 0), "float32");
}

function crossEntropy(logits: tf.Tensor, labels: tf.Tensor): tf.Tensor[] {
  const logs = tf.logSoftmax(logits);
  return [tf.neg(tf.sum(tf.mul(labels, logs), -1)), tf.sub(tf.exp(logs), labels)];
}
