import * as tf from "@tensorflow/tfjs";
import { dilationsOf } from "./corrections/dilated-filter.js";
import { at, paddingOf } from "./corrections/empty-windows.js";
import type { Windowed } from "./corrections/unreached-border.js";

type Inputs = Readonly<Record<string, tf.TensorInfo | undefined>>;

interface Engine {
  runKernel(name: string, inputs: Inputs, attrs?: object): unknown;
}

/** By the name of the kernel, as its users call it. */
const CALLS: Readonly<Record<string, string>> = {
  AvgPool: "avgPool",
  AvgPool3D: "avgPool3d",
  Conv2D: "conv2d",
  Conv3D: "conv3d",
  DepthwiseConv2dNative: "depthwiseConv2d",
  Dilation2D: "dilation2d",
  FusedConv2D: "conv2d",
  FusedDepthwiseConv2D: "depthwiseConv2d",
  MaxPool: "maxPool",
  MaxPool3D: "maxPool3d",
  MaxPoolWithArgmax: "maxPoolWithArgmax",
};

let refusing = false;

/**
 * A window so much larger than the input that the output would have a negative length is an error, as in TensorFlow:
 * TensorFlow.js gives a tensor of such a shape, or says no more than the shape.
 */
export function refuseWindowsTooLarge(): void {
  if (refusing) return;
  refusing = true;
  const engine = tf.engine() as unknown as Engine;
  const { runKernel } = engine;
  engine.runKernel = (name, inputs, attrs) => {
    const call = CALLS[name];
    if (call && attrs) requireWindowsThatFit(call, inputs, attrs as unknown as Windowed);
    return runKernel.call(engine, name, inputs, attrs);
  };
}

function requireWindowsThatFit(call: string, { x, filter }: Inputs, attrs: Windowed): void {
  const { pad, dataFormat, filterSize, strides, dilations } = attrs;
  if (!x || pad === "same") return;
  const axes = /3d$/i.test(call) ? 3 : 2;
  const first = dataFormat?.startsWith("NC") ? 2 : 1;
  const steps = dilationsOf(dilations, axes);
  const window = Array.from({ length: axes }, (_, i) => filter?.shape[i] ?? at(filterSize ?? 1, i));
  const input = Array.from({ length: axes }, (_, i) => x.shape[first + i] ?? 0);
  for (let i = 0; i < axes; i++) {
    const reached = (window[i]! - 1) * steps[i]! + 1;
    const padded = input[i]! + (pad === "valid" ? 0 : paddingOf(pad, first + i));
    if (padded === 0 || Math.ceil((padded - reached + 1) / at(strides, i)) >= 0) continue;
    throw new RangeError(
      `tf.${call}: a window of [${window.join(", ")}] does not fit an input of [${input.join(", ")}]` +
        `${steps.some((step) => step > 1) ? ` with dilations [${steps.join(", ")}]` : ""}: the output would have a ` +
        `negative length. Give it the padding "same", a smaller window, or a larger input.`,
    );
  }
}
