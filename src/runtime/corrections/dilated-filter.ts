import * as tf from "@tensorflow/tfjs";
import { replaceKernel } from "./kernel.js";

/** `[2, 1]`; a number stands for both axes, and nothing for 1. */
export function pair(value: unknown): [number, number] {
  if (typeof value === "number") return [value, value];
  return Array.isArray(value) ? [Number(value[0]), Number(value[1])] : [1, 1];
}

/** A filter with zeros between its taps: a convolution by it is the dilated one. */
export function dilateFilter(filter: tf.Tensor4D, [high, wide]: [number, number]): tf.Tensor4D {
  return tf.tidy(() => {
    const [h, w, input, output] = filter.shape;
    const rest = input * output;
    const rows = tf.pad(tf.reshape(filter, [h, 1, w * rest]), [
      [0, 0],
      [0, high - 1],
      [0, 0],
    ]);
    const columns = tf.pad(tf.reshape(rows, [h * high, w, 1, rest]), [
      [0, 0],
      [0, 0],
      [0, wide - 1],
      [0, 0],
    ]);
    const whole = tf.reshape(columns, [h * high, w * wide, input, output]) as tf.Tensor4D;
    return tf.slice(whole, [0, 0, 0, 0], [(h - 1) * high + 1, (w - 1) * wide + 1, input, output]);
  });
}

/** The taps of a gradient by a dilated filter: every `high`th row, every `wide`th column. */
export function tapsOf(gradient: tf.Tensor4D, [high, wide]: [number, number]): tf.Tensor4D {
  return tf.stridedSlice(gradient, [0, 0, 0, 0], gradient.shape, [high, wide, 1, 1]) as tf.Tensor4D;
}

/** TensorFlow's CPU kernel refuses dilated depthwise convolutions. */
export function dilateDepthwiseFilter(backendName: string): void {
  replaceKernel(backendName, "DepthwiseConv2dNative", (own) => (args) => {
    const { x, filter } = args.inputs as { x: tf.Tensor4D; filter: tf.Tensor4D };
    const dilations = pair((args.attrs as { dilations?: unknown }).dilations);
    if (dilations.every((dilation) => dilation === 1)) return own(args);
    const dilated = dilateFilter(filter, dilations);
    try {
      return own({ ...args, inputs: { x, filter: dilated }, attrs: { ...args.attrs, dilations: [1, 1] } });
    } finally {
      dilated.dispose();
    }
  });
}
