import * as tf from "@tensorflow/tfjs";
import { runKernel } from "./run-kernel.js";

interface Pool {
  readonly filterSize: number | number[];
  readonly strides: number | number[];
  readonly pad: "same" | "valid";
}

/**
 * The gradient kernels of cpu and wasm count a window's rows by its height, so that they are right for square windows
 * alone. The same maximum, over the rows and columns first and then over the depth, has the gradient of two
 * dimensions, which is right.
 */
export const maxPool3dGradient: tf.GradConfig = {
  kernelName: "MaxPool3D",
  inputsToSave: ["x"],
  gradFunc: (dy, [x], attributes) => ({
    x: () => inTwoSteps(x!, dy as tf.Tensor, attributes as unknown as Pool),
  }),
};

function inTwoSteps(x: tf.Tensor, dy: tf.Tensor, { filterSize, strides, pad }: Pool): tf.Tensor {
  const [size, step] = [triple(filterSize), triple(strides)];
  const [batch, depth, height, width, channels] = x.shape as [number, number, number, number, number];
  const planes = tf.reshape(x, [batch * depth, height, width, channels]) as tf.Tensor4D;
  const within = { filterSize: [size[1], size[2]], strides: [step[1], step[2]], pad } as Pool2d;
  const flat = tf.maxPool(planes, within.filterSize, within.strides, pad);
  const cells = flat.shape[1] * flat.shape[2];
  const stack = tf.reshape(flat, [batch, depth, cells, channels]) as tf.Tensor4D;
  const along = { filterSize: [size[0], 1], strides: [step[0], 1], pad } as Pool2d;
  const pooled = tf.maxPool(stack, along.filterSize, along.strides, pad);
  const toStack = back(tf.reshape(dy, pooled.shape), stack, pooled, along);
  return tf.reshape(back(tf.reshape(toStack, flat.shape), planes, flat, within), x.shape);
}

interface Pool2d {
  readonly filterSize: [number, number];
  readonly strides: [number, number];
  readonly pad: "same" | "valid";
}

function back(dy: tf.Tensor, input: tf.Tensor, output: tf.Tensor, pool: Pool2d): tf.Tensor {
  return runKernel("MaxPoolGrad", { dy, input, output }, pool);
}

function triple(value: number | number[]): [number, number, number] {
  return (Array.isArray(value) ? value : [value, value, value]) as [number, number, number];
}
