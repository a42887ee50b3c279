import * as tf from "@tensorflow/tfjs";
import { composed, replaceKernel } from "./kernel.js";

interface Convolution {
  readonly strides: number | [number, number];
  readonly pad: "same" | "valid" | number;
  readonly dataFormat?: "NHWC" | "NCHW";
  readonly dilations?: number | [number, number];
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
  readonly filterShape: [number, number, number, number];
}

/**
 * The gradients of a convolution's filter as products of matrices, one for each place in the filter. The kernels of
 * tfjs-backend-cpu, on which wasm falls back, look up each number by its place: a training step of a small network for
 * pictures took wasm 40 s.
 */
export function multiplyForFilters(backendName: string): void {
  replaceKernel(backendName, "Conv2DBackpropFilter", (own) => {
    const last = composed<Convolution>(({ x, dy }, attrs) => ofConvolution(x!, dy!, attrs));
    return (args) => ((args.attrs as { dataFormat?: string }).dataFormat === "NCHW" ? own(args) : last(args));
  });
  replaceKernel(backendName, "DepthwiseConv2dNativeBackpropFilter", () =>
    composed<Convolution>(({ x, dy }, attrs) => ofDepthwise(x!, dy!, attrs)),
  );
}

/** dy [batch, rows, columns, out] and x [batch, height, width, in] to [filter height, filter width, in, out]. */
function ofConvolution(x: tf.Tensor, dy: tf.Tensor, attrs: Convolution): tf.Tensor {
  const [, , channels, filters] = attrs.filterShape;
  const gradient = tf.reshape(dy, [-1, filters]) as tf.Tensor2D;
  const places = atEachPlace(x, dy, attrs, false, (seen) =>
    tf.matMul(tf.transpose(tf.reshape(seen, [-1, channels])), gradient),
  );
  return tf.reshape(tf.stack(places), attrs.filterShape);
}

/** dy [batch, rows, columns, in x multiplier] to [filter height, filter width, in, multiplier]. */
function ofDepthwise(x: tf.Tensor, dy: tf.Tensor, attrs: Convolution): tf.Tensor {
  const [, , channels, multiplier] = attrs.filterShape;
  const gradient = tf.reshape(dy, [-1, channels, multiplier]);
  const places = atEachPlace(x, dy, attrs, true, (seen) =>
    tf.sum(tf.mul(tf.reshape(seen, [-1, channels, 1]), gradient), 0),
  );
  return tf.reshape(tf.stack(places), attrs.filterShape);
}

/** For each place of the filter what follows from what it has seen of x: [batch, rows, columns, in]. */
function atEachPlace(
  x: tf.Tensor,
  dy: tf.Tensor,
  attrs: Convolution,
  depthwise: boolean,
  compute: (seen: tf.Tensor) => tf.Tensor,
): tf.Tensor[] {
  const { strides, pad, dilations = 1, dimRoundingMode, filterShape } = attrs;
  const info = tf.backend_util.computeConv2DInfo(
    x.shape as [number, number, number, number],
    filterShape,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    depthwise,
  );
  const [batch, rows, columns] = dy.shape as [number, number, number];
  const { padInfo, strideHeight, strideWidth, dilationHeight, dilationWidth } = info;
  const [height, width] = [rows * strideHeight, columns * strideWidth];
  // What the padding leaves out of the last windows is zero too.
  const missing = (size: number, before: number, last: number, seen: number) =>
    Math.max(0, last + seen - size - before);
  const below = missing(x.shape[1]!, padInfo.top, (filterShape[0] - 1) * dilationHeight, height);
  const right = missing(x.shape[2]!, padInfo.left, (filterShape[1] - 1) * dilationWidth, width);
  const padded = tf.pad(x, [
    [0, 0],
    [padInfo.top, below],
    [padInfo.left, right],
    [0, 0],
  ]);
  return Array.from({ length: filterShape[0] * filterShape[1] }, (_, place) => {
    const top = Math.floor(place / filterShape[1]) * dilationHeight;
    const left = (place % filterShape[1]) * dilationWidth;
    return tf.tidy(() => {
      const window = tf.slice(padded, [0, top, left, 0], [batch, height, width, x.shape[3]!]);
      return compute(everyOther(window, [strideHeight, strideWidth], [rows, columns]));
    });
  });
}

/** Each first row of `strides[0]` and column of `strides[1]`, by slices: strides take a back end five times as long. */
function everyOther(
  window: tf.Tensor,
  strides: readonly [number, number],
  [rows, columns]: readonly [number, number],
): tf.Tensor {
  const [batch, , width, channels] = window.shape as [number, number, number, number];
  const first = (x: tf.Tensor, shape: [number, number, number]) =>
    shape[1] === 1 ? x : tf.slice(tf.reshape(x, shape), [0, 0, 0], [shape[0], 1, shape[2]]);
  const lines = first(window, [batch * rows, strides[0], width * channels]);
  const places = first(lines, [batch * rows * columns, strides[1], channels]);
  return tf.reshape(places, [batch, rows, columns, channels]);
}
