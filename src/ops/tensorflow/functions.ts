import * as tf from "@tensorflow/tfjs";
import type { CallValue } from "../../layers/computed-layer.js";
import type { Operation, TensorFlowFunctions, Values } from "../operation.js";
import { OPERATIONS } from "../table.js";
import { TENSORFLOW_COUNTING } from "./counting.js";
import { TENSORFLOW_CREATION } from "./creation.js";
import { TENSORFLOW_CTC } from "./ctc.js";
import { TENSORFLOW_IMAGES } from "./images.js";
import { bitcast } from "../bits.js";
import { TENSORFLOW_LOSSES } from "./losses.js";
import { TENSORFLOW_LINEAR } from "./linear.js";
import { TENSORFLOW_NEURAL } from "./neural.js";
import { TENSORFLOW_NUMBERS } from "./numbers.js";
import { TENSORFLOW_PLACES } from "./places.js";
import { TENSORFLOW_QUANTIZATION } from "./quantization.js";
import { TENSORFLOW_SIGNALS } from "./signals.js";
import { TENSORFLOW_SIMILARITY } from "./similarity.js";
import { TENSORFLOW_SPECIAL } from "./special.js";
import { axis, float, int, integers, number, tensor, tensors } from "../values.js";

/** A TensorFlow function that is no operation of Keras under other names, and its arguments in order. */
interface TensorFlowFunction {
  readonly parameters: string;
  compute(values: Values): tf.Tensor | tf.Tensor[];
  readonly trial?: Operation["trial"];
}

/** By their public names (tensorflow/python/ops). */
export const TENSORFLOW_FUNCTIONS: ReadonlyMap<string, TensorFlowFunction> = new Map(
  Object.entries<TensorFlowFunctions[string]>({
    split: ["value num_or_size_splits axis num", splitBySizes],
    gather: ["params indices validate_indices axis batch_dims", gather],
    "math.add_n": ["inputs", ({ inputs }) => tf.addN(tensors(inputs))],
    "math.cumsum": ["x axis exclusive reverse", (values) => cumulative(tf.cumsum, values)],
    "math.cumprod": ["x axis exclusive reverse", (values) => cumulative(tf.cumprod, values)],
    "math.l2_normalize": ["x axis epsilon", l2Normalize],
    "linalg.l2_normalize": ["x axis epsilon", l2Normalize],
    "nn.l2_normalize": ["x axis epsilon", l2Normalize],
    "math.multiply_no_nan": [
      "x y",
      ({ x, y }) => {
        const [a, b] = [float(x), float(y)];
        const product = tf.mul(a, b);
        return tf.where(tf.equal(tf.add(b, tf.zerosLike(product)), 0), tf.zerosLike(product), product);
      },
    ],
    sort: ["values axis direction", sort],
    argsort: ["values axis direction stable", argsort],
    one_hot: ["indices depth on_value off_value axis dtype", oneHot],
    sequence_mask: [
      "lengths maxlen dtype",
      ({ lengths, maxlen, dtype }) => {
        const ends = int(lengths);
        const most = number(maxlen, Math.max(0, ...ends.dataSync()));
        const mask = tf.less(tf.range(0, most, 1, "int32"), tf.expandDims(ends, -1));
        return dtype === undefined || dtype === null ? mask : operation("Cast", { x: mask, dtype });
      },
    ],
    "linalg.band_part": ["input num_lower num_upper", bandPart],
    "nn.bias_add": ["value bias data_format", addBias],
    "nn.conv1d": ["input filters stride padding data_format dilations value use_cudnn_on_gpu", convolution],
    "nn.convolution": [
      "input filters strides padding data_format dilations filter dilation_rate",
      convolution,
    ],
    "nn.depthwise_conv2d": [
      "input filter strides padding data_format dilations rate",
      (values) => convolution(values, "DepthwiseConv"),
    ],
    "nn.conv2d_transpose": [
      "input filters output_shape strides padding data_format dilations",
      transposedConvolution,
    ],
    "nn.pool": [
      "input window_shape pooling_type strides padding data_format dilations dilation_rate",
      anyPool,
    ],
    "nn.embedding_lookup": ["params ids max_norm partition_strategy", embedded],
    "nn.max_pool": ["input ksize strides padding data_format", (values) => pool("MaxPool", values)],
    "nn.max_pool2d": ["input ksize strides padding data_format", (values) => pool("MaxPool", values)],
    "nn.avg_pool": ["input ksize strides padding data_format", (values) => pool("AveragePool", values)],
    "nn.avg_pool2d": ["input ksize strides padding data_format", (values) => pool("AveragePool", values)],
    "nn.conv2d": ["input filters strides padding data_format dilations filter use_cudnn_on_gpu", convolution],
    "nn.local_response_normalization": [
      "input depth_radius bias alpha beta",
      ({ input, depth_radius: radius, bias, alpha, beta }) =>
        tf.localResponseNormalization(
          float(input) as tf.Tensor4D,
          number(radius, 5),
          number(bias, 1),
          number(alpha, 1),
          number(beta, 0.5),
        ),
    ],
    bitcast: ["input type name source", bitcast],
    ...TENSORFLOW_CREATION,
    ...TENSORFLOW_IMAGES,
    ...TENSORFLOW_NUMBERS,
    ...TENSORFLOW_COUNTING,
    ...TENSORFLOW_CTC,
    ...TENSORFLOW_LINEAR,
    ...TENSORFLOW_LOSSES,
    ...TENSORFLOW_NEURAL,
    ...TENSORFLOW_PLACES,
    ...TENSORFLOW_QUANTIZATION,
    ...TENSORFLOW_SIGNALS,
    ...TENSORFLOW_SIMILARITY,
    ...TENSORFLOW_SPECIAL,
  }).map(([name, [parameters, compute, trial]]) => [name, { parameters, compute, trial }]),
);

function operation(name: string, values: Values): tf.Tensor | tf.Tensor[] {
  return OPERATIONS.get(name)!.compute(values);
}

/** `tf.split` takes the sizes of the parts, where Keras takes the places between them. */
function splitBySizes({ value, num_or_size_splits: sizes, axis: along }: Values): tf.Tensor[] {
  const x = tensor(value);
  return tf.split(x, typeof sizes === "number" ? sizes : integers(sizes), axis(along, x.rank, 0));
}

function gather({ params, indices, axis: along, batch_dims: batch }: Values): tf.Tensor {
  const x = tensor(params);
  const at = int(indices);
  const count = number(batch, 0);
  return tf.gather(
    x,
    at as tf.Tensor1D,
    axis(along ?? count, x.rank, 0),
    count < 0 ? count + at.rank : count,
  );
}

function cumulative(
  run: (x: tf.Tensor, axis: number, exclusive: boolean, reverse: boolean) => tf.Tensor,
  { x, axis: along, exclusive, reverse }: Values,
): tf.Tensor {
  const value = tensor(x);
  return run(value, axis(along, value.rank, 0), exclusive === true, reverse === true);
}

/** TensorFlow's epsilon bounds the square, Keras's the length. */
function l2Normalize({ x, axis: along, epsilon }: Values): tf.Tensor {
  const value = float(x);
  const over =
    along === undefined || along === null
      ? value.shape.map((_, i) => i)
      : integers(along).map((at) => (at + value.rank) % value.rank);
  const square = tf.sum(tf.square(value), over, true);
  return tf.mul(value, tf.rsqrt(tf.maximum(square, number(epsilon, 1e-12))));
}

function descends(direction: CallValue | undefined): boolean {
  return direction === "DESCENDING";
}

function sort({ values, axis: along, direction }: Values): tf.Tensor {
  const x = tensor(values);
  const at = axis(along, x.rank, -1);
  const sorted = operation("Sort", { x, axis: at }) as tf.Tensor;
  return descends(direction) ? tf.reverse(sorted, [at]) : sorted;
}

function argsort({ values, axis: along, direction }: Values): tf.Tensor {
  const x = tensor(values);
  return operation("Argsort", {
    x: descends(direction) ? tf.neg(x) : x,
    axis: axis(along, x.rank, -1),
  }) as tf.Tensor;
}

function oneHot({ indices, depth, on_value: on, off_value: off, axis: along, dtype }: Values): tf.Tensor {
  const rows = operation("OneHot", {
    x: tensor(indices),
    num_classes: depth,
    axis: along ?? -1,
  }) as tf.Tensor;
  const [high, low] = [number(on, 1), number(off, 0)];
  const scaled = high === 1 && low === 0 ? rows : tf.add(tf.mul(rows, high - low), low);
  return dtype === undefined || dtype === null
    ? scaled
    : (operation("Cast", { x: scaled, dtype }) as tf.Tensor);
}

/** Below and above the diagonal that many stay; all of them where the number is negative. */
function bandPart({ input, num_lower: lower, num_upper: upper }: Values): tf.Tensor {
  const x = tensor(input);
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const below = tf.sub(tf.reshape(tf.range(0, rows), [rows, 1]), tf.range(0, columns));
  const [down, up] = [number(lower, -1), number(upper, -1)];
  const inside = tf.logicalAnd(
    tf.lessEqual(below, down < 0 ? rows : down),
    tf.greaterEqual(below, up < 0 ? -columns : -up),
  );
  return tf.where(inside, x, tf.zerosLike(x));
}

/** One number for each axis of space: TensorFlow also takes them with batch and channels around. */
function inSpace(value: CallValue | undefined, first: boolean, rank = 2): number[] {
  const list = integers(value ?? 1);
  return list.length === rank + 2 ? (first ? list.slice(2) : list.slice(1, rank + 1)) : list;
}

function windowed({ strides, stride, padding, data_format: format }: Values, rank = 2): Values {
  const first = /^NC|^channels_first$/.test(typeof format === "string" ? format : "");
  return {
    strides: inSpace(strides ?? stride, first, rank),
    // The functions that have a default for it.
    padding: typeof padding === "string" ? padding : "VALID",
    data_format: first ? "channels_first" : "channels_last",
  };
}

/** Padding that a call gives for each side of each axis, in the layout of the input. */
function bordered(x: tf.Tensor, padding: CallValue | undefined, fill: number): tf.Tensor {
  if (!Array.isArray(padding)) return x;
  const sides = (padding as CallValue[]).map(integers) as [number, number][];
  if (sides.length !== x.rank || sides.some((pair) => pair.length !== 2))
    throw new Error(`padding must be SAME, VALID, or two numbers for each of ${x.rank} axes`);
  return tf.pad(x, sides, fill);
}

/** What no window takes for its largest. */
const LEAST = -3.4028234663852886e38;

function pool(name: "MaxPool" | "AveragePool", values: Values): tf.Tensor {
  const window = windowed(values);
  if (name === "AveragePool" && Array.isArray(values["padding"]))
    throw new Error("padding must be SAME or VALID where windows are averaged");
  const first = window["data_format"] === "channels_first";
  const inputs = bordered(float(values["input"]), values["padding"], LEAST);
  const given = { ...window, inputs, pool_size: inSpace(values["ksize"], first, inputs.rank - 2) };
  return operation(name, given) as tf.Tensor;
}

/** `tf.nn.pool`: the window has a length for each axis of space. */
function anyPool(values: Values): tf.Tensor {
  const size = integers(values["window_shape"]);
  const dilation = integers(values["dilation_rate"] ?? values["dilations"] ?? 1);
  if (dilation.some((n) => n !== 1)) return dilatedPool(values, size, dilation);
  return operation(values["pooling_type"] === "AVG" ? "AveragePool" : "MaxPool", {
    ...windowed(values, size.length),
    inputs: values["input"],
    pool_size: size,
  }) as tf.Tensor;
}

/** Of windows whose elements lie apart: TensorFlow fills the borders with zeros, whatever it pools by. */
function dilatedPool(values: Values, size: number[], dilation: number[]): tf.Tensor {
  const { strides, padding, data_format: layout } = windowed(values, size.length);
  if (layout === "channels_first" || size.length > 2 || integers(strides as CallValue).some((n) => n !== 1))
    throw new Error("a dilated window is known here for channels last, one or two axes and steps of 1");
  const x = float(values["input"]);
  const flat = size.length === 1;
  const wide = (list: readonly number[]) => [...list, ...(flat ? [1] : [])] as [number, number];
  const y = tf.pool(
    (flat ? tf.expandDims(x, 2) : x) as tf.Tensor4D,
    wide(size),
    values["pooling_type"] === "AVG" ? "avg" : "max",
    (padding as string).toLowerCase() as "same" | "valid",
    wide(size.map((_, i) => dilation[i] ?? dilation[0]!)),
    1,
  );
  return flat ? tf.squeeze(y, [2]) : y;
}

function convolution(values: Values, name: "Conv" | "DepthwiseConv" = "Conv"): tf.Tensor {
  const kernel = float(values["filters"] ?? values["filter"]);
  const rank = kernel.rank - 2;
  const window = windowed(values, rank);
  const first = window["data_format"] === "channels_first";
  const dilation = values["dilations"] ?? values["dilation_rate"] ?? values["rate"];
  return operation(name, {
    ...window,
    inputs: bordered(float(values["input"] ?? values["value"]), values["padding"], 0),
    kernel,
    dilation_rate: inSpace(dilation, first, rank),
  }) as tf.Tensor;
}

/** By the length that the call asks for: what a stride of more than 1 leaves open. */
function transposedConvolution(values: Values): tf.Tensor {
  const { strides, padding, data_format: layout } = windowed(values);
  if (layout === "channels_first") throw new Error("data_format NCHW is not known here");
  if (Array.isArray(values["padding"])) throw new Error("padding must be SAME or VALID");
  const [rows, columns] = strides as number[];
  const shape = integers(values["output_shape"]) as [number, number, number, number];
  return tf.conv2dTranspose(
    float(values["input"]) as tf.Tensor4D,
    float(values["filters"]) as tf.Tensor4D,
    shape,
    [rows!, columns ?? rows!],
    (padding as string).toLowerCase() as "same" | "valid",
  );
}

/** Rows of a table, those that are longer than `max_norm` cut down to it; a table in parts is one of them. */
function embedded({ params, ids, max_norm: most }: Values): tf.Tensor {
  const parts = Array.isArray(params) && params.some((part) => part instanceof tf.Tensor || nested(part));
  if (parts && (params as CallValue[]).length > 1)
    throw new Error("a table in several parts is not known here");
  const table = float(parts ? (params as CallValue[])[0] : params);
  const rows = tf.gather(table, int(ids));
  if ((most ?? null) === null) return rows;
  const inner = rows.shape.map((_, i) => i).slice(int(ids).rank);
  const norm = tf.sqrt(tf.sum(tf.square(rows), inner, true));
  return tf.div(tf.mul(rows, float(most)), tf.maximum(norm, float(most)));
}

/** A list of matrices, not a matrix. */
function nested(value: CallValue | undefined): boolean {
  return Array.isArray(value) && Array.isArray((value as CallValue[])[0]);
}

function addBias({ value, bias, data_format: format }: Values): tf.Tensor {
  const x = float(value);
  const first = typeof format === "string" && /^NC|^channels_first$/.test(format);
  if (!first || x.rank < 3) return tf.add(x, float(bias));
  return tf.add(x, tf.reshape(float(bias), [-1, ...x.shape.slice(2).map(() => 1)]));
}
