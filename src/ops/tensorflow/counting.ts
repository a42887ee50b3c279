import * as tf from "@tensorflow/tfjs";
import type { CallValue } from "../../layers/computed-layer.js";
import { withFreeLengths } from "../free-lengths.js";
import { graphOp, graphTensor } from "../graph-op.js";
import type { TensorFlowFunctions, Values } from "../operation.js";
import { OPERATIONS } from "../table.js";
import { dtypeOf, float, int, integers, number, tensor, tensors } from "../values.js";

/** tensorflow/python/ops: functions that count, find and pick out; how many they find, values decide. */
export const TENSORFLOW_COUNTING: TensorFlowFunctions = {
  where: ["condition x y", where],
  unique: ["x out_idx", ({ x }) => unique("Unique", tensor(x))],
  unique_with_counts: ["x out_idx", ({ x }) => unique("UniqueWithCounts", tensor(x))],
  dynamic_partition: [
    "data partitions num_partitions",
    ({ data, partitions, num_partitions: count }) => parted(tensor(data), int(partitions), number(count, 1)),
  ],
  dynamic_stitch: [
    "indices data",
    ({ indices, data }) => {
      const places = (indices as CallValue[]).map((list) => int(list));
      return withFreeLengths(graphTensor("DynamicStitch", [...places, ...tensors(data)]), 0);
    },
  ],
  "math.bincount": ["arr weights minlength maxlength dtype name axis binary_output", bincount],
  histogram_fixed_width: [
    "values value_range nbins dtype",
    (values) => {
      const bins = tf.reshape(binsOf(values), [-1]);
      const places = tf.range(0, number(values["nbins"], 100), 1, "int32");
      return tf.sum(tf.cast(tf.equal(tf.expandDims(bins, 1), places), "int32"), 0);
    },
  ],
  histogram_fixed_width_bins: ["values value_range nbins dtype", binsOf],
  "math.confusion_matrix": ["labels predictions num_classes weights dtype", confusion],
  "math.invert_permutation": ["x", ({ x }) => graphTensor("InvertPermutation", [int(x)])],
  "math.is_non_decreasing": ["x", ({ x }) => ordered(tensor(x), tf.greaterEqual)],
  "math.is_strictly_increasing": ["x", ({ x }) => ordered(tensor(x), tf.greater)],
  unravel_index: [
    "indices dims",
    ({ indices, dims }) => graphTensor("UnravelIndex", [int(indices), int(dims)]),
  ],
};

/** With two branches a choice; without, the places where the condition holds. */
function where({ condition, x, y }: Values): tf.Tensor {
  if ((x ?? null) === null && (y ?? null) === null)
    return withFreeLengths(graphTensor("Where", [tensor(condition)]), 0);
  return OPERATIONS.get("Where")!.compute({ condition, x1: x, x2: y }) as tf.Tensor;
}

/** The values and their counts are as many as there are different ones. */
function unique(op: string, x: tf.Tensor): tf.Tensor[] {
  return graphOp(op, [x]).map((output, i) =>
    i === 1 ? output : withFreeLengths(tf.cast(output, i === 0 ? x.dtype : "int32"), 0),
  );
}

function parted(data: tf.Tensor, partitions: tf.Tensor, count: number): tf.Tensor[] {
  const numbers = Array.from(partitions.dataSync());
  const flat = tf.reshape(data, [numbers.length, ...data.shape.slice(partitions.rank)]);
  return Array.from({ length: count }, (_, part) => {
    const places = numbers.flatMap((number, i) => (number === part ? [i] : []));
    return withFreeLengths(tf.gather(flat, tf.tensor1d(places, "int32")), 0);
  });
}

/** Row by row with an axis, all of them as one without; weights are added up in place of ones (bincount_ops.py). */
function bincount({
  arr,
  weights,
  minlength,
  maxlength,
  axis,
  binary_output: binary,
  dtype,
}: Values): tf.Tensor {
  const given = int(arr);
  const x = typeof axis === "number" && given.rank > 1 ? given : tf.reshape(given, [-1]);
  const rows = tf.reshape(x, [-1, x.shape.at(-1)!]).arraySync() as number[][];
  const found = rows.flat().reduce((most, value) => Math.max(most, value + 1), 0);
  const size = Math.min(Math.max(found, number(minlength, 0)), number(maxlength, Infinity));
  const weighed = (weights ?? null) === null ? null : Array.from(tensor(weights).dataSync());
  const counts = new Float32Array(rows.length * size);
  rows.forEach((row, r) =>
    row.forEach((value, i) => {
      if (value < 0) throw new Error(`it counts the negative value ${value}`);
      if (value >= size) return;
      const at = r * size + value;
      counts[at] = binary === true ? 1 : counts[at]! + (weighed?.[r * row.length + i] ?? 1);
    }),
  );
  const type = weighed ? tensor(weights).dtype : dtypeOf(dtype ?? "int32");
  const result = tf.tensor(counts, [...x.shape.slice(0, -1), size], type as "int32");
  return withFreeLengths(result, result.rank - 1);
}

/** Bins of equal width; what lies outside falls into the first or the last (histogram_ops.py). */
function binsOf({ values, value_range: range, nbins }: Values): tf.Tensor {
  const [low, high] = integers(range) as [number, number];
  const bins = number(nbins, 100);
  const share = tf.div(tf.sub(float(values), low), high - low);
  return tf.cast(tf.clipByValue(tf.floor(tf.mul(share, bins)), 0, bins - 1), "int32");
}

/** Rows are the labels, columns what was predicted. */
function confusion({ labels, predictions, num_classes: classes, weights, dtype }: Values): tf.Tensor {
  const [rows, columns] = [int(labels), int(predictions)].map((x) => tf.reshape(x, [-1])) as [
    tf.Tensor1D,
    tf.Tensor1D,
  ];
  const most = () => Math.max(-1, ...rows.dataSync(), ...columns.dataSync()) + 1;
  const size = number(classes, NaN);
  const count = Number.isNaN(size) ? most() : size;
  const hot = (x: tf.Tensor1D) =>
    tf.cast(tf.equal(tf.expandDims(x, 1), tf.range(0, count, 1, "int32")), "float32") as tf.Tensor2D;
  const each =
    (weights ?? null) === null ? hot(rows) : tf.mul(hot(rows), tf.reshape(float(weights), [-1, 1]));
  const matrix = tf.cast(tf.matMul(each as tf.Tensor2D, hot(columns), true), dtypeOf(dtype ?? "int32"));
  return Number.isNaN(size) ? withFreeLengths(matrix, 0, 1) : matrix;
}

function ordered(x: tf.Tensor, holds: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): tf.Tensor {
  const flat = tf.reshape(x, [-1]);
  const pairs = Math.max(0, flat.size - 1);
  return tf.all(holds(tf.slice(flat, [flat.size - pairs], [pairs]), tf.slice(flat, [0], [pairs])));
}
