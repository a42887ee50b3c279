import * as tf from "@tensorflow/tfjs";
import { reachedSize, type Windowed } from "../unreached-border.js";
import { runKernel } from "./run-kernel.js";

/** A transposed 3D convolution is the gradient of a convolution: its own gradient is that convolution. TensorFlow.js has none. */
export const transposedConvolution3dGradient: tf.GradConfig = {
  kernelName: "Conv3DBackpropInputV2",
  inputsToSave: ["dy", "filter"],
  gradFunc: (given, [dy, filter], attrs) => {
    const attributes = attrs as unknown as Windowed;
    const { strides, pad } = attributes;
    const whole = given as tf.Tensor;
    const reached = pad === "same" ? reachedSize({ x: whole, filter: filter! }, attributes) : null;
    const gradient = reached ? tf.slice(whole, 0, reached) : whole;
    return {
      dy: () =>
        runKernel(
          "Conv3D",
          { x: gradient, filter: filter! },
          { strides, pad, dataFormat: "NDHWC", dilations: [1, 1, 1] },
        ),
      filter: () =>
        runKernel(
          "Conv3DBackpropFilterV2",
          { x: gradient, dy: dy! },
          { strides, pad, filterShape: filter!.shape },
        ),
    };
  },
};
