import * as tf from "@tensorflow/tfjs";
import type { Kernel, OpCall } from "../kernel.js";
import { conv2d, depthwise, padded, spatial } from "./convolution.js";

/** By TensorFlow.js's name. */
export type Activation = "relu" | "relu6";

/** A convolution (input, filter) with a bias for each channel and an activation, or null for none. */
export function fusedConvolution(activation: Activation | null): Kernel {
  return { run: (call) => fused(call, activation, conv2d, tf.fused.conv2d as Fused, isGrouped) };
}

export function fusedDepthwise(activation: Activation | null): Kernel {
  return {
    run: (call) => fused(call, activation, depthwise, tf.fused.depthwiseConv2d as Fused, () => false),
  };
}

type Fused = typeof tf.fused.conv2d<tf.Tensor4D>;

/** TensorFlow.js fuses neither groups nor strides together with dilations. */
function fused(
  call: OpCall,
  activation: Activation | null,
  plain: (call: OpCall, x: tf.Tensor) => tf.Tensor,
  together: Fused,
  isOther: (call: OpCall) => boolean,
): tf.Tensor {
  const bias = call.tensor(2);
  const { attributes } = call;
  const strides = spatial(call, attributes.ints("strides"), 2) as [number, number];
  const dilations = spatial(call, attributes.ints("dilations"), 2) as [number, number];
  const both = strides.some((s) => s > 1) && dilations.some((d) => d > 1);
  if (both || isOther(call)) return activated(tf.add(plain(call, call.tensor(0)), bias), activation);
  const { x, padding } = padded(call, call.tensor(0));
  // XNNPACK's bounds turn NaN into 0.
  const apart = tf.getBackend() === "wasm";
  const y = together({
    x: x as tf.Tensor4D,
    filter: call.tensor(1) as tf.Tensor4D,
    strides,
    dilations,
    pad: padding,
    bias,
    activation: (apart ? null : activation) ?? "linear",
  });
  return apart ? activated(y, activation) : y;
}

function isGrouped(call: OpCall): boolean {
  return call.shapeOf(0)[3] !== call.shapeOf(1)[2];
}

function activated(x: tf.Tensor, activation: Activation | null): tf.Tensor {
  if (activation === null) return x;
  return activation === "relu" ? tf.relu(x) : tf.relu6(x);
}
