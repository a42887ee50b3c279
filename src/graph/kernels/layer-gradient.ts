import * as tf from "@tensorflow/tfjs";
import type { Kernel, KernelTable, OpCall } from "../kernel.js";
import { conv3d, depthwise, isChannelsFirst, pool2d, pool3d, toFirst, toLast } from "./convolution.js";
import { scatterInto } from "./scatter.js";

const NORMALIZATION = [
  "x_backprop",
  "scale_backprop",
  "offset_backprop",
  "reserve_space_4",
  "reserve_space_5",
];

/**
 * Gradients of convolutions, pooling, normalization, padding and resizing, as training functions and saliency maps hold
 * them (tensorflow/core/ops/nn_ops.cc, image_ops.cc).
 */
export const layerGradients: KernelTable = {
  FusedBatchNormGrad: { run: normalizationGradient, outputs: NORMALIZATION },
  FusedBatchNormGradV2: { run: normalizationGradient, outputs: NORMALIZATION },
  FusedBatchNormGradV3: { run: normalizationGradient, outputs: NORMALIZATION },
  DepthwiseConv2dNativeBackpropInput: {
    host: [0],
    run: (call) => byInput(call, call.numbers(0), call.tensor(2), (x) => depthwise(call, x)),
  },
  DepthwiseConv2dNativeBackpropFilter: {
    host: [1],
    run: (call) => {
      const [x, dy] = bothLast(call, call.tensor(0), call.tensor(2));
      return tf.grad((filter) => depthwise(call, x, filter))(tf.zeros(call.numbers(1)), dy);
    },
  },
  Conv3DBackpropFilterV2: { host: [1], run: (call) => filterGradient(call) },
  MaxPoolGradV2: {
    host: [3, 4],
    run: (call) => {
      const pool = (x: tf.Tensor): tf.Tensor => pool2d(call, x, "max", call.numbers(3), call.numbers(4));
      const [x, dy] = bothLast(call, call.tensor(0), call.tensor(2));
      return backFirst(call, tf.grad(pool)(x, dy));
    },
  },
  MaxPool3DGrad: {
    run: (call) => {
      const [x, dy] = bothLast(call, call.tensor(0), call.tensor(2));
      return backFirst(call, tf.grad((own) => pool3d(call, own, "max"))(x, dy));
    },
  },
  AvgPool3DGrad: {
    host: [0],
    run: (call) => byInput(call, call.numbers(0), call.tensor(1), (x) => pool3d(call, x, "avg")),
  },
  MaxPoolGradWithArgmax: { host: [2], run: argmaxGradient },
  ResizeBilinearGrad: {
    run: (call) => resizeGradient(call, call.shapeOf(1).slice(1, 3), tf.image.resizeBilinear),
  },
  ResizeNearestNeighborGrad: {
    host: [1],
    run: (call) => resizeGradient(call, call.numbers(1), tf.image.resizeNearestNeighbor),
  },
  MirrorPadGrad: { host: [1], run: mirrorGradient },
  LRNGrad: {
    run: (call) => {
      const { attributes } = call;
      const [radius, bias] = [attributes.int("depth_radius", 5), attributes.float("bias", 1)];
      const [alpha, beta] = [attributes.float("alpha", 1), attributes.float("beta", 0.5)];
      const normalized = (x: tf.Tensor4D): tf.Tensor4D =>
        tf.localResponseNormalization(x, radius, bias, alpha, beta);
      return tf.grad(normalized as (x: tf.Tensor) => tf.Tensor)(call.tensor(1), call.tensor(0));
    },
  },
  TileGrad: { host: [1], run: tileGradient },
  SparseSegmentSumGrad: segmentGradient(() => 1),
  SparseSegmentMeanGrad: segmentGradient((count) => 1 / count),
  SparseSegmentSqrtNGrad: segmentGradient((count) => 1 / Math.sqrt(count)),
  SparseFillEmptyRowsGrad: {
    run: (call) => {
      const dy = call.tensor(1);
      const values = tf.gather(dy, tf.cast(call.tensor(0), "int32"));
      return [values, tf.sub(tf.sum(dy), tf.sum(values))];
    },
    outputs: ["d_values", "d_default_value"],
  },
};

function bothLast(call: OpCall, x: tf.Tensor, dy: tf.Tensor): [tf.Tensor, tf.Tensor] {
  return isChannelsFirst(call) ? [toLast(x), toLast(dy)] : [x, dy];
}

function backFirst(call: OpCall, x: tf.Tensor): tf.Tensor {
  return isChannelsFirst(call) ? toFirst(x) : x;
}

/** The gradient for an input of which only the shape counts. */
function byInput(
  call: OpCall,
  sizes: readonly number[],
  dy: tf.Tensor,
  run: (x: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  const [x, last] = bothLast(call, tf.zeros([...sizes]), dy);
  return backFirst(call, tf.grad(run)(x, last));
}

function filterGradient(call: OpCall): tf.Tensor {
  const [x, dy] = bothLast(call, call.tensor(0), call.tensor(2));
  return tf.grad((filter) => conv3d(call, x, filter))(tf.zeros(call.numbers(1)), dy);
}

/** Through the batch's own statistics in training (fused_batch_norm_op.cc); the mean and variance are given. */
function normalizationGradient(call: OpCall): tf.Tensor[] {
  const [dy, x] = bothLast(call, call.tensor(0), call.tensor(1));
  const [scale, mean, variance] = [call.tensor(2), call.tensor(3), call.tensor(4)];
  const axes = Array.from({ length: x.rank - 1 }, (_, d) => d);
  const root = tf.rsqrt(tf.add(variance, call.attributes.float("epsilon", 1e-4)));
  const normal = tf.mul(tf.sub(x, mean), root);
  const [offsets, scales] = [tf.sum(dy, axes), tf.sum(tf.mul(dy, normal), axes)];
  const factor = tf.mul(scale, root);
  const count = x.size / Math.max(1, x.shape.at(-1)!);
  const training = call.attributes.bool("is_training", true);
  const own = training ? tf.sub(dy, tf.div(tf.add(offsets, tf.mul(normal, scales)), count)) : dy;
  return [backFirst(call, tf.mul(own, factor)), scales, offsets, tf.zeros([0]), tf.zeros([0])];
}

/** Each element goes to where the largest was found. */
function argmaxGradient(call: OpCall): tf.Tensor {
  const shape = call.shapeOf(0);
  const [batch = 1] = shape;
  const each = shape.slice(1).reduce((n, dim) => n * dim, 1);
  const places = call.numbers(2);
  const inBatch = call.attributes.bool("include_batch_in_index");
  const per = places.length / Math.max(1, batch);
  const rows = inBatch ? places : places.map((place, i) => place + Math.floor(i / per) * each);
  const dy = tf.reshape(call.tensor(1), [-1]);
  const flat = scatterInto(tf.zeros([batch * each]), rows, [rows.length, 1], dy, "add", call);
  return tf.reshape(flat, [...shape]);
}

type Resize = typeof tf.image.resizeBilinear;

/** Resizing is a product with one matrix for rows and one for columns, its gradient that with both turned. */
function resizeGradient(call: OpCall, [height = 1, width = 1]: readonly number[], resize: Resize): tf.Tensor {
  const dy = call.tensor(0);
  const [corners, half] = [call.attributes.bool("align_corners"), call.attributes.bool("half_pixel_centers")];
  const [, rows = 1, columns = 1] = dy.shape;
  const down = resize(
    tf.reshape(tf.eye(height), [1, height, 1, height]) as tf.Tensor4D,
    [rows, 1],
    corners,
    half,
  );
  const across = resize(
    tf.reshape(tf.eye(width), [1, 1, width, width]) as tf.Tensor4D,
    [1, columns],
    corners,
    half,
  );
  // [batch, columns, channels, rows] times [rows, height], then the same for the columns.
  const first = tf.matMul(
    tf.reshape(tf.transpose(dy, [0, 2, 3, 1]), [-1, rows]),
    tf.reshape(down, [rows, height]) as tf.Tensor2D,
  );
  const turned = tf.transpose(tf.reshape(first, [dy.shape[0]!, columns, dy.shape[3]!, height]), [0, 3, 2, 1]);
  const second = tf.matMul(
    tf.reshape(turned, [-1, columns]),
    tf.reshape(across, [columns, width]) as tf.Tensor2D,
  );
  return tf.transpose(tf.reshape(second, [dy.shape[0]!, height, dy.shape[3]!, width]), [0, 1, 3, 2]);
}

/** What was mirrored is added to where it came from, axis by axis. */
function mirrorGradient(call: OpCall): tf.Tensor {
  const pads = call.numbers(1);
  const skip = call.attributes.text("mode") === "REFLECT" ? 1 : 0;
  return call.shapeOf(0).reduce((dy: tf.Tensor, _, axis) => {
    const [before, after] = [pads[2 * axis]!, pads[2 * axis + 1]!];
    if (before + after === 0) return dy;
    const length = dy.shape[axis]! - before - after;
    const part = (from: number, size: number): tf.Tensor =>
      tf.slice(
        dy,
        dy.shape.map((_, d) => (d === axis ? from : 0)),
        dy.shape.map((dim, d) => (d === axis ? size : dim)),
      );
    const placed = (x: tf.Tensor, at: number): tf.Tensor =>
      tf.pad(
        tf.reverse(x, axis),
        dy.shape.map((_, d): [number, number] => (d === axis ? [at, length - at - x.shape[axis]!] : [0, 0])),
      );
    return tf.addN([
      part(before, length),
      placed(part(0, before), skip),
      placed(part(before + length, after), length - skip - after),
    ]);
  }, call.tensor(0));
}

function tileGradient(call: OpCall): tf.Tensor {
  const times = call.numbers(1);
  const dy = call.tensor(0);
  const split = dy.shape.flatMap((dim, d) => [times[d]!, dim / times[d]!]);
  return tf.sum(
    tf.reshape(dy, split),
    times.map((_, d) => 2 * d),
  );
}

/** Inputs: gradient by segment, rows that were chosen, their segments, number of rows. */
function segmentGradient(weight: (count: number) => number): Kernel {
  return {
    host: [1, 2, 3],
    run: (call) => {
      const [rows, segments] = [call.numbers(1), call.numbers(2)];
      const counts = new Map<number, number>();
      for (const segment of segments) counts.set(segment, (counts.get(segment) ?? 0) + 1);
      const dy = tf.gather(call.tensor(0), tf.tensor1d(segments, "int32"));
      const weights = segments.map((segment) => weight(counts.get(segment)!));
      const each = tf.reshape(tf.tensor1d(weights, "float32"), [
        segments.length,
        ...dy.shape.slice(1).map(() => 1),
      ]);
      const zeros = tf.zeros(call.checkedShape([call.number(3), ...dy.shape.slice(1)]));
      return scatterInto(zeros, rows, [rows.length, 1], tf.mul(dy, each), "add", call);
    },
  };
}
