import * as tf from "@tensorflow/tfjs";
import type { Kernel, KernelTable, OpCall } from "../kernel.js";
import { productWork } from "../work.js";
import { fuse } from "./matrix.js";

/** Convolutions, pooling and normalization (tensorflow/core/ops/nn_ops.cc). Channels-first input is turned around. */
export const convolution: KernelTable = {
  Conv2D: { work: convWork, run: channelsLast((call, x) => conv2d(call, x)) },
  _FusedConv2D: { work: convWork, run: channelsLast((call, x) => fuseConv(call, conv2d(call, x))) },
  FusedPadConv2D: { host: [1], run: paddedConv },
  DepthwiseConv2dNative: { work: convWork, run: channelsLast(depthwise) },
  _FusedDepthwiseConv2dNative: { run: channelsLast((call, x) => fuse(call, depthwise(call, x), 2)) },
  FusedDepthwiseConv2dNative: { run: channelsLast((call, x) => fuse(call, depthwise(call, x), 2)) },
  Conv2DBackpropInput: { host: [0], run: conv2dTranspose },
  Conv: {
    run: (call) =>
      call.shapeOf(0).length === 5
        ? channelsLast(conv3d)(call)
        : channelsLast((own, x) => conv2d(own, x))(call),
  },
  Conv3D: { work: convWork, run: channelsLast(conv3d) },
  Conv3DBackpropInputV2: { host: [0], run: conv3dTranspose },
  MaxPool: { run: channelsLast((call, x) => pool2d(call, x, "max")) },
  MaxPoolV2: {
    host: [1, 2],
    run: channelsLast((call, x) => pool2d(call, x, "max", call.numbers(1), call.numbers(2))),
  },
  AvgPool: { run: channelsLast((call, x) => pool2d(call, x, "avg")) },
  MaxPool3D: { run: channelsLast((call, x) => pool3d(call, x, "max")) },
  AvgPool3D: { run: channelsLast((call, x) => pool3d(call, x, "avg")) },
  MaxPoolWithArgmax: { host: [0], run: poolWithArgmax, outputs: ["output", "argmax"] },
  Dilation2D: { run: dilation2d },
  FusedBatchNorm: batchNorm(),
  FusedBatchNormV2: batchNorm(),
  FusedBatchNormV3: batchNorm(),
  _FusedBatchNormEx: {
    ...batchNorm(),
    run: (call) => {
      const y = normalize(call)[0]!;
      return call.attributes.text("activation_mode") === "Relu" ? tf.relu(y) : y;
    },
  },
  BatchNormWithGlobalNormalization: {
    run: (call) => {
      const [x, mean, variance, beta, gamma] = call.tensors() as [
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
      ];
      const scale = call.attributes.bool("scale_after_normalization") ? gamma : undefined;
      return tf.batchNorm(
        x,
        mean as tf.Tensor1D,
        variance as tf.Tensor1D,
        beta as tf.Tensor1D,
        scale as tf.Tensor1D,
        call.attributes.float("variance_epsilon"),
      );
    },
  },
  LRN: {
    run: (call) => {
      const { attributes } = call;
      return tf.localResponseNormalization(
        call.tensor(0) as tf.Tensor4D,
        attributes.int("depth_radius", 5),
        attributes.float("bias", 1),
        attributes.float("alpha", 1),
        attributes.float("beta", 0.5),
      );
    },
  },
};

/** Each number of the picture by each of the filter that it meets. */
function convWork(call: OpCall): number {
  const [size, filter] = [call.shapeOf(0), call.shapeOf(1)].map((dims) =>
    dims.reduce((n, dim) => n * dim, 1),
  );
  const strides = call.attributes.ints("strides").reduce((n, stride) => n * stride, 1);
  return productWork((size! * filter!) / Math.max(1, call.shapeOf(1).at(-2)! * strides));
}

/** Runs a kernel on channels-last input; NCHW and NCDHW are transposed before and after. */
function channelsLast(run: (call: OpCall, x: tf.Tensor) => tf.Tensor): Kernel["run"] {
  return (call) => {
    const x = call.tensor(0);
    return isChannelsFirst(call) ? toFirst(run(call, toLast(x))) : run(call, x);
  };
}

export function isChannelsFirst(call: OpCall): boolean {
  return /^NC/.test(call.attributes.text("data_format", "NHWC"));
}

export function toLast(x: tf.Tensor): tf.Tensor {
  const space = Array.from({ length: x.rank - 2 }, (_, i) => i + 2);
  return tf.transpose(x, [0, ...space, 1]);
}

export function toFirst(x: tf.Tensor): tf.Tensor {
  const space = Array.from({ length: x.rank - 2 }, (_, i) => i + 1);
  return tf.transpose(x, [0, x.rank - 1, ...space]);
}

/** The spatial numbers of a list attribute that counts batch and channels as well. */
export function spatial(call: OpCall, list: readonly number[], rank: number): number[] {
  if (list.length === 0) return new Array<number>(rank).fill(1);
  return isChannelsFirst(call) ? list.slice(2) : list.slice(1, 1 + rank);
}

/** With EXPLICIT padding the input is padded here, and the op is VALID. */
export function padded(call: OpCall, x: tf.Tensor, value = 0): { x: tf.Tensor; padding: "same" | "valid" } {
  const mode = call.attributes.text("padding");
  if (mode !== "EXPLICIT") return { x, padding: mode === "SAME" ? "same" : "valid" };
  const flat = call.attributes.ints("explicit_paddings");
  const pairs = Array.from({ length: flat.length / 2 }, (_, i): [number, number] => [
    flat[2 * i]!,
    flat[2 * i + 1]!,
  ]);
  const last = isChannelsFirst(call) ? [pairs[0]!, ...pairs.slice(2), pairs[1]!] : pairs;
  call.checkedShape(x.shape.map((dim, d) => dim + last[d]![0] + last[d]![1]));
  return { x: tf.pad(x, last, value), padding: "valid" };
}

/** Inputs: picture, paddings, filter. */
function paddedConv(call: OpCall): tf.Tensor {
  const flat = call.numbers(1);
  const pads = [0, 1, 2, 3].map((d): [number, number] => [flat[2 * d]!, flat[2 * d + 1]!]);
  const mode = call.attributes.text("mode", "REFLECT") === "SYMMETRIC" ? "symmetric" : "reflect";
  return conv2d(call, tf.mirrorPad(call.tensor(0), pads, mode), call.tensor(2));
}

export function conv2d(call: OpCall, input: tf.Tensor, kernel = call.tensor(1)): tf.Tensor {
  const { x, padding } = padded(call, input);
  const filter = kernel as tf.Tensor4D;
  const strides = spatial(call, call.attributes.ints("strides"), 2) as [number, number];
  const dilations = spatial(call, call.attributes.ints("dilations"), 2) as [number, number];
  const one = (part: tf.Tensor, kernel: tf.Tensor4D): tf.Tensor =>
    stridedAndDilated(part, kernel, strides, dilations, padding);
  const groups = x.shape[3]! / filter.shape[2]!;
  if (groups === 1) return one(x, filter);
  const parts = tf.split(x, groups, 3);
  const kernels = tf.split(filter, groups, 3) as tf.Tensor4D[];
  return tf.concat(
    parts.map((part, g) => one(part, kernels[g]!)),
    3,
  );
}

/** tfjs takes strides or dilations, not both: dilation is then written into the kernel. */
function stridedAndDilated(
  x: tf.Tensor,
  filter: tf.Tensor4D,
  strides: [number, number],
  dilations: [number, number],
  padding: "same" | "valid",
): tf.Tensor {
  const both = strides.some((s) => s > 1) && dilations.some((d) => d > 1);
  const kernel = both ? (insertZeros(filter, [...dilations, 1, 1]) as tf.Tensor4D) : filter;
  return tf.conv2d(x as tf.Tensor4D, kernel, strides, padding, "NHWC", both ? 1 : dilations);
}

/** Spreads elements apart: `steps[d] - 1` zeros between neighbours along dimension d. */
function insertZeros(x: tf.Tensor, steps: readonly number[]): tf.Tensor {
  return steps.reduce((spreadOut, step, d) => {
    if (step === 1 || spreadOut.shape[d]! <= 1) return spreadOut;
    const length = spreadOut.shape[d]!;
    const split = tf.expandDims(spreadOut, d + 1);
    const zeros = tf.zeros([...split.shape.slice(0, d + 1), step - 1, ...split.shape.slice(d + 2)]);
    const joined = tf.concat([split, zeros], d + 1);
    const flat = tf.reshape(joined, [
      ...spreadOut.shape.slice(0, d),
      length * step,
      ...spreadOut.shape.slice(d + 1),
    ]);
    const size = [...flat.shape];
    size[d] = (length - 1) * step + 1;
    return tf.slice(flat, new Array<number>(flat.rank).fill(0), size);
  }, x);
}

function fuseConv(call: OpCall, y: tf.Tensor): tf.Tensor {
  if (!call.attributes.texts("fused_ops").includes("FusedBatchNorm")) return fuse(call, y, 2);
  const [gamma, beta, mean, variance] = call.tensors(2, 6) as [
    tf.Tensor1D,
    tf.Tensor1D,
    tf.Tensor1D,
    tf.Tensor1D,
  ];
  const normal = tf.batchNorm(y, mean, variance, beta, gamma, call.attributes.float("epsilon", 1e-4));
  return call.attributes.texts("fused_ops").includes("Relu") ? tf.relu(normal) : normal;
}

export function depthwise(call: OpCall, input: tf.Tensor, weights = call.tensor(1)): tf.Tensor {
  const { x, padding } = padded(call, input);
  const filter = weights as tf.Tensor4D;
  const strides = spatial(call, call.attributes.ints("strides"), 2) as [number, number];
  const dilations = spatial(call, call.attributes.ints("dilations"), 2) as [number, number];
  const both = strides.some((s) => s > 1) && dilations.some((d) => d > 1);
  const kernel = both ? (insertZeros(filter, [...dilations, 1, 1]) as tf.Tensor4D) : filter;
  return tf.depthwiseConv2d(x as tf.Tensor4D, kernel, strides, padding, "NHWC", both ? 1 : dilations);
}

function conv2dTranspose(call: OpCall): tf.Tensor {
  const first = isChannelsFirst(call);
  const sizes = call.numbers(0);
  const shape = first ? [sizes[0]!, sizes[2]!, sizes[3]!, sizes[1]!] : sizes;
  const gradient = first ? toLast(call.tensor(2)) : call.tensor(2);
  const result = transposedConv(call, shape, call.tensor(1), gradient, 2);
  return first ? toFirst(result) : result;
}

function conv3dTranspose(call: OpCall): tf.Tensor {
  return transposedConv(call, call.numbers(0), call.tensor(1), call.tensor(2), 3);
}

/**
 * The gradient of a convolution for its input: zeros between the elements, then a convolution with the kernel turned
 * around. So it takes any stride, dilation and padding, on any back end.
 */
function transposedConv(
  call: OpCall,
  shape: readonly number[],
  filter: tf.Tensor,
  gradient: tf.Tensor,
  rank: 2 | 3,
): tf.Tensor {
  const strides = spatial(call, call.attributes.ints("strides"), rank);
  const dilations = spatial(call, call.attributes.ints("dilations"), rank);
  const explicit = call.attributes.ints("explicit_paddings");
  const same = call.attributes.text("padding") === "SAME";
  const space = Array.from({ length: rank }, (_, d) => d);
  const kernel = insertZeros(filter, [...dilations, 1, 1]);
  const apart = insertZeros(gradient, [1, ...strides, 1]);
  const pads = space.map((d): [number, number] => {
    const reach = kernel.shape[d]!;
    const wanted = shape[d + 1]!;
    const steps = gradient.shape[d + 1]!;
    const total = Math.max(0, (steps - 1) * strides[d]! + reach - wanted);
    const before = explicit.length > 0 ? explicit[2 * (d + 1)]! : same ? Math.floor(total / 2) : 0;
    const head = reach - 1 - before;
    return [head, wanted + reach - 1 - apart.shape[d + 1]! - head];
  });
  const turned = tf.transpose(tf.reverse(kernel, space), [...space, rank + 1, rank]);
  const framed = cropOrPad(apart, [[0, 0], ...pads, [0, 0]]);
  return rank === 2
    ? tf.conv2d(framed as tf.Tensor4D, turned as tf.Tensor4D, 1, "valid")
    : tf.conv3d(framed as tf.Tensor5D, turned as tf.Tensor5D, 1, "valid");
}

/** Negative padding takes away. */
function cropOrPad(x: tf.Tensor, pads: readonly [number, number][]): tf.Tensor {
  const begin = pads.map(([before]) => Math.max(0, -before));
  const size = x.shape.map((dim, d) => dim - begin[d]! - Math.max(0, -pads[d]![1]));
  const cropped = tf.slice(x, begin, size);
  return tf.pad(
    cropped,
    pads.map(([before, after]) => [Math.max(0, before), Math.max(0, after)]),
  );
}

export function conv3d(call: OpCall, input: tf.Tensor, filter = call.tensor(1)): tf.Tensor {
  const { x, padding } = padded(call, input);
  const strides = spatial(call, call.attributes.ints("strides"), 3) as [number, number, number];
  const dilations = spatial(call, call.attributes.ints("dilations"), 3);
  const kernel = insertZeros(filter, [...dilations, 1, 1]);
  const groups = x.shape[4]! / filter.shape[3]!;
  const one = (part: tf.Tensor, own: tf.Tensor): tf.Tensor =>
    tf.conv3d(part as tf.Tensor5D, own as tf.Tensor5D, strides, padding);
  if (groups === 1) return one(x, kernel);
  const kernels = tf.split(kernel, groups, 4);
  return tf.concat(
    tf.split(x, groups, 4).map((part, g) => one(part, kernels[g]!)),
    4,
  );
}

export function pool2d(
  call: OpCall,
  input: tf.Tensor,
  kind: "max" | "avg",
  ksize: readonly number[] = call.attributes.ints("ksize"),
  steps: readonly number[] = call.attributes.ints("strides"),
): tf.Tensor {
  const { x, padding } = padded(call, input, kind === "max" ? -Infinity : 0);
  const size = spatial(call, ksize, 2) as [number, number];
  const strides = spatial(call, steps, 2) as [number, number];
  return kind === "max"
    ? tf.maxPool(x as tf.Tensor4D, size, strides, padding)
    : tf.avgPool(x as tf.Tensor4D, size, strides, padding);
}

export function pool3d(call: OpCall, input: tf.Tensor, kind: "max" | "avg"): tf.Tensor {
  const { x, padding } = padded(call, input, kind === "max" ? -Infinity : 0);
  const size = spatial(call, call.attributes.ints("ksize"), 3) as [number, number, number];
  const strides = spatial(call, call.attributes.ints("strides"), 3) as [number, number, number];
  return kind === "max"
    ? tf.maxPool3d(x as tf.Tensor5D, size, strides, padding)
    : tf.avgPool3d(x as tf.Tensor5D, size, strides, padding);
}

/** On the host: tfjs's wasm kernel takes negative numbers for nothing. */
function poolWithArgmax(call: OpCall): tf.Tensor[] {
  const { attributes } = call;
  const info = tf.backend_util.computePool2DInfo(
    call.shapeOf(0) as [number, number, number, number],
    spatial(call, attributes.ints("ksize"), 2) as [number, number],
    spatial(call, attributes.ints("strides"), 2) as [number, number],
    1,
    attributes.text("padding") === "SAME" ? "same" : "valid",
  );
  const values = call.numbers(0);
  const size = info.batchSize * info.outHeight * info.outWidth * info.outChannels;
  const [most, places] = [new Float32Array(size).fill(-Infinity), new Int32Array(size)];
  const inBatch = attributes.bool("include_batch_in_index");
  for (let at = 0; at < size; at++) {
    const [b, y, x, c] = indexIn(at, info.outShape as [number, number, number, number]);
    for (let i = 0; i < info.filterHeight; i++)
      for (let j = 0; j < info.filterWidth; j++) {
        const row = y * info.strideHeight - info.padInfo.top + i;
        const column = x * info.strideWidth - info.padInfo.left + j;
        if (row < 0 || row >= info.inHeight || column < 0 || column >= info.inWidth) continue;
        const place = (row * info.inWidth + column) * info.inChannels + c;
        const start = b * info.inHeight * info.inWidth * info.inChannels;
        if (values[start + place]! <= most[at]!) continue;
        most[at] = values[start + place]!;
        places[at] = place + (inBatch ? start : 0);
      }
  }
  return [tf.tensor(most, info.outShape), tf.tensor(places, info.outShape, "int32")];
}

function indexIn(
  place: number,
  [, h, w, c]: readonly [number, number, number, number],
): [number, number, number, number] {
  const pixel = Math.floor(place / c);
  return [Math.floor(pixel / (h * w)), Math.floor(pixel / w) % h, pixel % w, place % c];
}

function dilation2d(call: OpCall): tf.Tensor {
  const { attributes } = call;
  return tf.dilation2d(
    call.tensor(0) as tf.Tensor4D,
    call.tensor(1) as tf.Tensor3D,
    spatial(call, attributes.ints("strides"), 2) as [number, number],
    attributes.text("padding") === "SAME" ? "same" : "valid",
    spatial(call, attributes.ints("rates"), 2) as [number, number],
  );
}

function batchNorm(): Kernel {
  return {
    run: normalize,
    outputs: ["y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2", "reserve_space_3"],
  };
}

/** Normalizes with the moving statistics, or with the batch's own in training. */
function normalize(call: OpCall): tf.Tensor[] {
  const first = isChannelsFirst(call);
  const x = first ? toLast(call.tensor(0)) : call.tensor(0);
  const [scale, offset] = [call.tensor(1) as tf.Tensor1D, call.tensor(2) as tf.Tensor1D];
  const epsilon = call.attributes.float("epsilon", 1e-4);
  const training = call.attributes.bool("is_training", true);
  const moments = training
    ? tf.moments(
        x,
        Array.from({ length: x.rank - 1 }, (_, d) => d),
      )
    : null;
  const mean = (moments?.mean ?? call.tensor(3)) as tf.Tensor1D;
  const variance = (moments?.variance ?? call.tensor(4)) as tf.Tensor1D;
  // Multiplying and adding works at any rank; the batchNorm kernels know ranks 2 to 4 only.
  const factor = tf.mul(scale, tf.rsqrt(tf.add(variance, epsilon)));
  const y = tf.add(tf.mul(x, factor), tf.sub(offset, tf.mul(mean, factor)));
  // What is kept for the moving statistics is the unbiased variance.
  const count = x.size / Math.max(1, x.shape.at(-1)!);
  const unbiased = training ? tf.mul(variance, count / Math.max(1, count - 1)) : variance;
  return [first ? toFirst(y) : y, mean, unbiased, mean, variance, tf.zeros([0])];
}
