import * as tf from "@tensorflow/tfjs";
import { replaceKernel } from "./kernel.js";
import { aroundAxis } from "./rank-above-four.js";

/** One dilation for each of `count` axes; a single number stands for all, and nothing for 1. */
export function dilationsOf(value: unknown, count: number): number[] {
  if (Array.isArray(value)) return value.map(Number);
  return Array<number>(count).fill(typeof value === "number" ? value : 1);
}

/** A filter with zeros between its taps along the first axes: a convolution by it is the dilated one. */
export function dilateFilter<T extends tf.Tensor>(filter: T, dilations: readonly number[]): T {
  return tf.tidy(() =>
    dilations.reduce<tf.Tensor>(
      (result, dilation, axis) => dilateAxis(result, axis, dilation),
      tf.clone(filter),
    ),
  ) as T;
}

function dilateAxis(filter: tf.Tensor, axis: number, dilation: number): tf.Tensor {
  if (dilation === 1) return filter;
  const taps = filter.shape[axis]!;
  const [outer, , inner] = aroundAxis(filter, filter.shape, axis).shape;
  const part = tf.reshape(filter, [outer, taps, 1, inner]);
  const apart = tf.pad(part, [
    [0, 0],
    [0, 0],
    [0, dilation - 1],
    [0, 0],
  ]);
  const span = (taps - 1) * dilation + 1;
  const cut = tf.slice(tf.reshape(apart, [outer, taps * dilation, inner]), [0, 0, 0], [outer, span, inner]);
  return tf.reshape(
    cut,
    filter.shape.map((size, i) => (i === axis ? span : size)),
  );
}

/** The taps of a gradient by a dilated filter: every `dilation`th along each of the first axes. */
export function tapsOf<T extends tf.Tensor>(gradient: T, dilations: readonly number[]): T {
  const strides = gradient.shape.map((_, axis) => dilations[axis] ?? 1);
  return tf.stridedSlice(
    gradient,
    strides.map(() => 0),
    gradient.shape,
    strides,
  ) as T;
}

/** TensorFlow's CPU kernels refuse dilated depthwise and 3D convolutions. */
export function dilateFilters(backendName: string): void {
  dilateFilterOf(backendName, "DepthwiseConv2dNative", 2);
  dilateFilterOf(backendName, "FusedDepthwiseConv2D", 2);
  dilateFilterOf(backendName, "Conv3D", 3);
}

function dilateFilterOf(backendName: string, kernelName: string, axes: number): void {
  replaceKernel(backendName, kernelName, (own) => (args) => {
    const { filter } = args.inputs as { filter: tf.Tensor };
    const dilations = dilationsOf((args.attrs as { dilations?: unknown }).dilations, axes);
    if (dilations.every((dilation) => dilation === 1)) return own(args);
    const dilated = dilateFilter(filter, dilations);
    try {
      const attrs = { ...args.attrs, dilations: Array<number>(axes).fill(1) };
      return own({ ...args, inputs: { ...args.inputs, filter: dilated }, attrs });
    } finally {
      dilated.dispose();
    }
  });
}
