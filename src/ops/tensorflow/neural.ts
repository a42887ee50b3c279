import * as tf from "@tensorflow/tfjs";
import type { CallValue } from "../../layers/computed-layer.js";
import { divideNoNan } from "../divide-no-nan.js";
import { flag, graphOp, graphTensor, reals, text, whole, wholes } from "../graph-op.js";
import type { TensorFlowFunctions, Values } from "../operation.js";
import { axis, float, int, integers, number } from "../values.js";

const FRACTIONAL = "value pooling_ratio pseudo_random overlapping seed";

/** tensorflow/python/ops/nn_ops.py and nn_impl.py: convolutions and pools of other ranks, losses, moments. */
export const TENSORFLOW_NEURAL: TensorFlowFunctions = {
  "nn.max_pool1d": ["input ksize strides padding data_format", (values) => pool1d("MaxPool", values)],
  "nn.avg_pool1d": ["input ksize strides padding data_format", (values) => pool1d("AvgPool", values)],
  "nn.max_pool3d": ["input ksize strides padding data_format", (values) => pool3d("MaxPool3D", values)],
  "nn.avg_pool3d": ["input ksize strides padding data_format", (values) => pool3d("AvgPool3D", values)],
  "nn.max_pool_with_argmax": [
    "input ksize strides padding data_format output_dtype include_batch_in_index",
    (values) =>
      graphOp("MaxPoolWithArgmax", [float(values["input"])], {
        ksize: around(values["ksize"], 2),
        strides: around(values["strides"], 2),
        padding: paddingOf(values),
        include_batch_in_index: flag(values["include_batch_in_index"] === true),
      }),
  ],
  "nn.conv3d": ["input filters strides padding data_format dilations", convolution3d],
  "nn.conv3d_transpose": ["input filters output_shape strides padding data_format dilations", transposed3d],
  "nn.conv1d_transpose": ["input filters output_shape strides padding data_format dilations", transposed1d],
  "nn.separable_conv2d": [
    "input depthwise_filter pointwise_filter strides padding data_format dilations rate name",
    separable,
  ],
  "nn.dilation2d": ["input filters strides padding data_format dilations", dilated],
  "nn.erosion2d": [
    "value filters strides padding data_format dilations",
    ({ value, filters, ...rest }) =>
      tf.neg(dilated({ ...rest, input: tf.neg(float(value)), filters: tf.reverse(float(filters), [0, 1]) })),
  ],
  "nn.fractional_max_pool": [FRACTIONAL, (values) => fractionalPool("FractionalMaxPool", values)],
  "nn.fractional_avg_pool": [FRACTIONAL, (values) => fractionalPool("FractionalAvgPool", values)],
  "nn.isotonic_regression": ["inputs decreasing axis", isotonic],
  "nn.log_poisson_loss": ["targets log_input compute_full_loss", poissonLoss],
  "nn.weighted_cross_entropy_with_logits": ["labels logits pos_weight", weighedCrossEntropy],
  "nn.weighted_moments": ["x axes frequency_weights keepdims>keepdims keep_dims>keepdims", weighedMoments],
  "nn.sufficient_statistics": ["x axes shift keepdims keep_dims", statistics],
  "nn.compute_average_loss": ["per_example_loss sample_weight global_batch_size", averageLoss],
  "nn.scale_regularization_loss": ["regularization_loss", ({ regularization_loss: x }) => tf.clone(float(x))],
};

/** The batch and the channels beside the axes of space. */
function around(value: CallValue | undefined, rank: number): ReturnType<typeof wholes> {
  return wholes(aroundOf(value, rank));
}

function aroundOf(value: CallValue | undefined, rank: number): number[] {
  const given = integers(value ?? 1);
  if (given.length === rank + 2) return given;
  const inner = given.length === 1 ? Array.from({ length: rank }, () => given[0]!) : given;
  return [1, ...inner, 1];
}

function paddingOf(values: Values): ReturnType<typeof text> {
  const padding = values["padding"] ?? "SAME";
  if (padding === "SAME" || padding === "VALID") return text(padding);
  throw new Error("padding must be SAME or VALID: one for each side is not known here");
}

/** Channels last: only they are known here. */
function channelsLast(values: Values): void {
  const layout = values["data_format"] ?? null;
  if (layout === null || /C$|^channels_last$/.test(String(layout))) return;
  throw new Error(`data_format=${JSON.stringify(layout)} is not known here: only channels last is`);
}

function pool1d(op: string, values: Values): tf.Tensor {
  channelsLast(values);
  const [size, step] = ["ksize", "strides"].map((name) => aroundOf(values[name], 1)[1]!) as [number, number];
  const y = graphTensor(op, [tf.expandDims(float(values["input"]), 2)], {
    ksize: wholes([1, size, 1, 1]),
    strides: wholes([1, step, 1, 1]),
    padding: paddingOf(values),
  });
  return tf.squeeze(y, [2]);
}

function pool3d(op: string, values: Values): tf.Tensor {
  channelsLast(values);
  return graphTensor(op, [float(values["input"])], {
    ksize: around(values["ksize"], 3),
    strides: around(values["strides"], 3),
    padding: paddingOf(values),
  });
}

/** A pooling ratio for both axes of space, or for all four; windows are drawn by the seed, where there is one. */
function fractionalPool(op: string, values: Values): tf.Tensor[] {
  const ratios = integers(values["pooling_ratio"]);
  const inner = ratios.length === 4 ? ratios : [1, ratios[0]!, ratios[1] ?? ratios[0]!, 1];
  const seed = number(values["seed"], 0);
  return graphOp(op, [float(values["value"])], {
    pooling_ratio: reals(inner),
    pseudo_random: flag(values["pseudo_random"] === true),
    overlapping: flag(values["overlapping"] === true),
    deterministic: flag(seed !== 0),
    // The seed that TensorFlow takes for a graph without one (random_seed.py).
    seed: whole(seed === 0 ? 0 : 87654321),
    seed2: whole(seed),
  });
}

function convolution3d(values: Values): tf.Tensor {
  channelsLast(values);
  return graphTensor("Conv3D", [float(values["input"]), float(values["filters"])], {
    strides: around(values["strides"], 3),
    dilations: around(values["dilations"], 3),
    padding: paddingOf(values),
  });
}

function transposed3d(values: Values): tf.Tensor {
  channelsLast(values);
  const inputs = [int(values["output_shape"]), float(values["filters"]), float(values["input"])];
  return graphTensor("Conv3DBackpropInputV2", inputs, {
    strides: around(values["strides"], 3),
    dilations: around(values["dilations"], 3),
    padding: paddingOf(values),
  });
}

/** As of a picture one pixel high. */
function transposed1d(values: Values): tf.Tensor {
  channelsLast(values);
  const [batch, length, channels] = integers(values["output_shape"]) as [number, number, number];
  const filters = tf.expandDims(float(values["filters"]), 0);
  const inputs = [int([batch, 1, length, channels]), filters, tf.expandDims(float(values["input"]), 1)];
  const [, step] = aroundOf(values["strides"], 1) as [number, number];
  const [, apart] = aroundOf(values["dilations"], 1) as [number, number];
  const y = graphTensor("Conv2DBackpropInput", inputs, {
    strides: wholes([1, 1, step, 1]),
    dilations: wholes([1, 1, apart, 1]),
    padding: paddingOf(values),
  });
  return tf.squeeze(y, [1]);
}

function separable(values: Values): tf.Tensor {
  channelsLast(values);
  const depthwise = graphTensor(
    "DepthwiseConv2dNative",
    [float(values["input"]), float(values["depthwise_filter"])],
    {
      strides: around(values["strides"], 2),
      dilations: around(values["dilations"] ?? values["rate"], 2),
      padding: paddingOf(values),
    },
  );
  return tf.conv2d(depthwise as tf.Tensor4D, float(values["pointwise_filter"]) as tf.Tensor4D, 1, "valid");
}

function dilated(values: Values): tf.Tensor {
  channelsLast(values);
  return graphTensor("Dilation2D", [float(values["input"]), float(values["filters"])], {
    strides: around(values["strides"], 2),
    rates: around(values["dilations"], 2),
    padding: paddingOf(values),
  });
}

function isotonic({ inputs, decreasing, axis: along }: Values): tf.Tensor[] {
  const x = float(inputs);
  const at = axis(along, x.rank, -1);
  const order = [...x.shape.map((_, i) => i).filter((i) => i !== at), at];
  const moved = tf.transpose(x, order);
  const rows = tf.reshape(decreasing === false ? tf.neg(moved) : moved, [-1, x.shape[at]!]);
  const [y, segments] = graphOp("IsotonicRegression", [rows]) as [tf.Tensor, tf.Tensor];
  const back = order.map((_, i) => order.indexOf(i));
  const restored = (part: tf.Tensor) => tf.transpose(tf.reshape(part, moved.shape), back);
  return [restored(decreasing === false ? tf.neg(y) : y), restored(segments)];
}

function poissonLoss({ targets, log_input: given, compute_full_loss: full }: Values): tf.Tensor {
  const [z, x] = [float(targets), float(given)];
  const loss = tf.sub(tf.exp(x), tf.mul(x, z));
  if (full !== true) return loss;
  const stirling = tf.add(tf.sub(tf.mul(z, tf.log(z)), z), tf.mul(tf.log(tf.mul(z, 2 * Math.PI)), 0.5));
  const small = tf.logicalAnd(tf.greaterEqual(z, 0), tf.lessEqual(z, 1));
  return tf.add(loss, tf.where(small, tf.zerosLike(stirling), stirling));
}

function weighedCrossEntropy({ labels, logits, pos_weight: weight }: Values): tf.Tensor {
  const [z, x] = [float(labels), float(logits)];
  const share = tf.add(tf.mul(tf.sub(float(weight), 1), z), 1);
  const rest = tf.add(tf.log1p(tf.exp(tf.neg(tf.abs(x)))), tf.relu(tf.neg(x)));
  return tf.add(tf.mul(tf.sub(1, z), x), tf.mul(share, rest));
}

function weighedMoments({ x: given, axes, frequency_weights: weights, keepdims }: Values): tf.Tensor[] {
  const x = float(given);
  const over = integers(axes).map((at) => axis(at, x.rank, 0));
  const weight = float(weights);
  const sum = (value: tf.Tensor) => tf.sum(tf.add(value, tf.zerosLike(x)), over, true);
  const total = sum(weight);
  const mean = divideNoNan(sum(tf.mul(weight, x)), total);
  const variance = divideNoNan(sum(tf.mul(weight, tf.squaredDifference(x, mean))), total);
  return [mean, variance].map((value) => (keepdims === true ? value : tf.squeeze(value, over)));
}

function statistics({ x: given, axes, shift, keepdims, keep_dims: keep }: Values): tf.Tensor[] {
  const x = float(given);
  const over = integers(axes).map((at) => axis(at, x.rank, 0));
  const count = tf.scalar(over.reduce((n, at) => n * x.shape[at]!, 1));
  const kept = keepdims === true || keep === true;
  const moved = (shift ?? null) === null ? x : tf.sub(x, float(shift));
  const sums = [tf.sum(moved, over, kept), tf.sum(tf.square(moved), over, kept)];
  return [count, ...sums, ...((shift ?? null) === null ? [] : [float(shift)])];
}

function averageLoss({
  per_example_loss: loss,
  sample_weight: weight,
  global_batch_size: size,
}: Values): tf.Tensor {
  const x = float(loss);
  const weighed = (weight ?? null) === null ? x : tf.mul(x, float(weight));
  return tf.div(tf.sum(weighed), number(size, x.shape[0] ?? 1));
}
