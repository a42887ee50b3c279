import * as tf from "@tensorflow/tfjs";
import { divideNoNan } from "../divide-no-nan.js";
import type { CallValue } from "../../layers/computed-layer.js";
import { broadcastTo } from "../broadcast.js";
import type { TensorFlowFunctions, Values } from "../operation.js";
import { OPERATIONS } from "../table.js";
import { runningLogSumExp } from "../running-log-sum-exp.js";
import { axis, bool, float, int, integers, number, tensor, tensors } from "../values.js";
import { oneHot } from "../one-hot.js";

/** tensorflow/python/ops: losses, matrices, segments and picking by lists of places. */
export const TENSORFLOW_NUMBERS: TensorFlowFunctions = {
  "nn.softmax_cross_entropy_with_logits": ["labels logits axis", crossEntropy],
  "nn.softmax_cross_entropy_with_logits_v2": ["labels logits axis", crossEntropy],
  "nn.sparse_softmax_cross_entropy_with_logits": ["labels logits", sparseCrossEntropy],
  "nn.sigmoid_cross_entropy_with_logits": ["labels logits", sigmoidCrossEntropy],
  "keras.backend.binary_crossentropy": [
    "target output from_logits",
    (values) => operation("BinaryCrossentropy", values),
  ],
  "keras.backend.categorical_crossentropy": [
    "target output from_logits axis",
    (values) => operation("CategoricalCrossentropy", values),
  ],
  "keras.backend.sparse_categorical_crossentropy": [
    "target output from_logits axis",
    (values) => operation("SparseCategoricalCrossentropy", values),
  ],
  "keras.backend.cast_to_floatx": ["x", ({ x }) => float(x)],
  "keras.backend.print_tensor": ["x message summarize", ({ x }) => tf.clone(tensor(x))],
  "keras.backend.batch_flatten": [
    "x",
    ({ x }) =>
      tf.reshape(tensor(x), [
        -1,
        tensor(x)
          .shape.slice(1)
          .reduce((a, b) => a * b, 1),
      ]),
  ],
  "nn.dropout": ["x rate noise_shape seed", dropout],
  "nn.crelu": [
    "features axis",
    ({ features, axis: along }) => {
      const x = float(features);
      return tf.concat([tf.relu(x), tf.relu(tf.neg(x))], axis(along, x.rank, -1));
    },
  ],
  "nn.l2_loss": ["t", ({ t }) => tf.div(tf.sum(tf.square(float(t))), 2)],
  "math.zero_fraction": ["value", ({ value }) => tf.mean(tf.cast(tf.equal(tensor(value), 0), "float32"))],
  "math.accumulate_n": ["inputs", ({ inputs }) => tf.addN(tensors(inputs))],
  "math.polyval": ["coeffs x", polynomial],
  "math.reciprocal_no_nan": ["x", ({ x }) => divideNoNan(tf.onesLike(float(x)), float(x))],
  "math.xlogy": ["x y", ({ x, y }) => zeroWhere(float(x), tf.log(float(y)))],
  "math.xlog1py": ["x y", ({ x, y }) => zeroWhere(float(x), tf.log1p(float(y)))],
  "math.xdivy": ["x y", ({ x, y }) => zeroWhere(float(x), tf.div(1, float(y)))],
  "math.cumulative_logsumexp": ["x axis exclusive reverse", cumulativeLogSumExp],
  "math.segment_sum": ["data segment_ids", (values) => operation("SegmentSum", values)],
  "math.segment_max": ["data segment_ids", (values) => operation("SegmentMax", values)],
  "math.segment_min": ["data segment_ids", (values) => operation("SegmentMin", values)],
  "math.segment_prod": ["data segment_ids", (values) => operation("SegmentProd", values)],
  "math.segment_mean": ["data segment_ids", segmentMean],
  "math.unsorted_segment_sum": ["data segment_ids num_segments", (values) => operation("SegmentSum", values)],
  "linalg.trace": ["x", ({ x }) => operation("Trace", { x, axis1: -2, axis2: -1 })],
  "linalg.matrix_transpose": ["a", ({ a }) => swapped(tensor(a))],
  "linalg.adjoint": ["matrix", ({ matrix }) => swapped(tensor(matrix))],
  "math.argmax": ["input axis output_type dimension", (values) => placeOf("Argmax", values)],
  "math.argmin": ["input axis output_type dimension", (values) => placeOf("Argmin", values)],
  "linalg.matmul": ["a b transpose_a transpose_b adjoint_a adjoint_b", product],
  "nn.silu": ["features beta", sigmoidWeighed],
  "nn.swish": ["features beta", sigmoidWeighed],
  "linalg.matvec": [
    "a b transpose_a",
    ({ a, b, transpose_a: turned }) => {
      const vector = tf.expandDims(float(b), -1);
      return tf.squeeze(
        operation("Matmul", { x1: turned === true ? swapped(float(a)) : a, x2: vector }),
        [-1],
      );
    },
  ],
  "linalg.normalize": [
    "tensor ord axis",
    ({ tensor: x, ord, axis: along }) => {
      const norm = operation("Norm", {
        x,
        ord: ord === "euclidean" ? null : ord,
        axis: along,
        keepdims: true,
      });
      return [tf.div(float(x), norm), norm];
    },
  ],
  gather_nd: ["params indices batch_dims", gatherPlaces],
  boolean_mask: ["tensor mask axis name", chosen],
  reverse_sequence: [
    "input seq_lengths seq_axis batch_axis",
    ({ input, seq_lengths: lengths, seq_axis: along, batch_axis: batch }) =>
      reversedSequences(tensor(input), int(lengths), number(along, 1), number(batch, 0)),
  ],
  strided_slice: [
    "input_ begin end strides begin_mask end_mask ellipsis_mask new_axis_mask shrink_axis_mask",
    strided,
  ],
  searchsorted: ["sorted_sequence values side", placesIn],
  clip_by_norm: ["t clip_norm axes", clippedByNorm],
  truncatediv: ["x y", ({ x, y }) => towardsZero(tensor(x), tensor(y))],
  truncatemod: [
    "x y",
    ({ x, y }) => tf.sub(tensor(x), tf.mul(towardsZero(tensor(x), tensor(y)), tensor(y, tensor(x).dtype))),
  ],
};

function operation(name: string, values: Values): tf.Tensor {
  return OPERATIONS.get(name)!.compute(values) as tf.Tensor;
}

/** Along the first axis unless it is said, where Keras goes over all. */
function placeOf(name: "Argmax" | "Argmin", { input, axis: along, dimension }: Values): tf.Tensor {
  return operation(name, { x: input, axis: along ?? dimension ?? 0 });
}

/** An adjoint of real numbers is a transpose. */
function product({ a, b, transpose_a: left, transpose_b: right, ...adjoint }: Values): tf.Tensor {
  return operation("Matmul", {
    x1: a,
    x2: b,
    transpose_a: left === true || adjoint["adjoint_a"] === true,
    transpose_b: right === true || adjoint["adjoint_b"] === true,
  });
}

function sigmoidWeighed({ features, beta }: Values): tf.Tensor {
  const x = float(features);
  return tf.mul(x, tf.sigmoid(tf.mul(x, float(beta ?? 1))));
}

function crossEntropy({ labels, logits, axis: along }: Values): tf.Tensor {
  const x = float(logits);
  const at = axis(along, x.rank, -1);
  const likelihoods = tf.sub(x, tf.logSumExp(x, at, true));
  return tf.neg(tf.sum(tf.mul(float(labels), likelihoods), at));
}

function sparseCrossEntropy({ labels, logits }: Values): tf.Tensor {
  const x = float(logits);
  return crossEntropy({ labels: oneHot(int(labels), x.shape.at(-1)!), logits: x });
}

/** In a form that overflows nowhere (nn_impl.py). */
function sigmoidCrossEntropy({ labels, logits }: Values): tf.Tensor {
  const x = float(logits);
  return tf.add(tf.sub(tf.relu(x), tf.mul(x, float(labels))), tf.log1p(tf.exp(tf.neg(tf.abs(x)))));
}

/** A function, not a layer: it drops whether the model trains or not. */
function dropout({ x, rate, noise_shape: shape }: Values): tf.Tensor {
  const share = number(rate, 0);
  const form = shape === undefined || shape === null ? undefined : integers(shape);
  return share === 0 ? tf.clone(float(x)) : tf.dropout(float(x), share, form);
}

/** Coefficients from the highest power down (Horner). */
function polynomial({ coeffs, x }: Values): tf.Tensor {
  const at = float(x);
  const list = coeffs instanceof tf.Tensor ? tf.unstack(coeffs) : (coeffs as CallValue[]).map(float);
  return list.reduce<tf.Tensor>((sum, factor) => tf.add(tf.mul(sum, at), factor), tf.zerosLike(at));
}

/** `x * factor`, 0 where x is 0 whatever the factor. */
function zeroWhere(x: tf.Tensor, factor: tf.Tensor): tf.Tensor {
  const product = tf.mul(x, factor);
  return tf.where(tf.equal(tf.add(x, tf.zerosLike(product)), 0), tf.zerosLike(product), product);
}

function cumulativeLogSumExp({ x, axis: along, exclusive, reverse }: Values): tf.Tensor {
  const value = float(x);
  const at = axis(along, value.rank, 0);
  return runningLogSumExp(value, at, exclusive === true, reverse === true);
}

function segmentMean({ data, segment_ids: ids }: Values): tf.Tensor {
  const x = float(data);
  const counts = operation("SegmentSum", { data: tf.ones([x.shape[0]!]), segment_ids: ids });
  const shape = [-1, ...x.shape.slice(1).map(() => 1)];
  return divideNoNan(operation("SegmentSum", { data: x, segment_ids: ids }), tf.reshape(counts, shape));
}

function swapped(x: tf.Tensor): tf.Tensor {
  const order = x.shape.map((_, i) => i);
  return tf.transpose(x, [...order.slice(0, -2), x.rank - 1, x.rank - 2]);
}

/** One element or part for each list of places; the first axes may be shared by both (array_ops.py). */
function gatherPlaces({ params, indices, batch_dims: shared }: Values): tf.Tensor {
  const [x, places] = [tensor(params), int(indices)];
  const count = number(shared, 0);
  if (count === 0) return tf.gatherND(x, places);
  const lengths = x.shape.slice(0, count);
  const own = lengths.map((length, i) => {
    const shape = places.shape.slice(0, -1).map((_, k) => (k === i ? length : 1));
    return broadcastTo(tf.reshape(tf.range(0, length, 1, "int32"), [...shape, 1]), [
      ...places.shape.slice(0, -1),
      1,
    ]);
  });
  return tf.gatherND(x, tf.concat([...own, places], -1));
}

/** The parts where the mask is true: how many there are is known only of a mask that the file holds. */
function chosen({ tensor: value, mask, axis: along }: Values): tf.Tensor {
  if (mask instanceof tf.Tensor) throw new Error("a mask that is computed gives a tensor of no fixed size");
  const x = tensor(value);
  const at = number(along, 0);
  const given = bool(mask);
  const merged = [...x.shape.slice(0, at), given.size, ...x.shape.slice(at + given.rank)];
  const places = [...given.dataSync()].flatMap((one, i) => (one ? [i] : []));
  return tf.gather(tf.reshape(x, merged), tf.tensor1d(places, "int32"), at);
}

/** The first steps of each sample, as many as it has, back to front. */
function reversedSequences(x: tf.Tensor, lengths: tf.Tensor, along: number, batch: number): tf.Tensor {
  const at = along > batch ? along - 1 : along;
  const counts = lengths.dataSync();
  const rows = tf.unstack(x, batch).map((row, i) => {
    const [head, tail] = tf.split(row, [counts[i]!, row.shape[at]! - counts[i]!], at) as [
      tf.Tensor,
      tf.Tensor,
    ];
    return tf.concat([tf.reverse(head, [at]), tail], at);
  });
  return tf.stack(rows, batch);
}

function strided(values: Values): tf.Tensor {
  const mask = (name: string) => number(values[name], 0);
  const x = tensor(values["input_"]);
  const begin = integers(values["begin"]);
  const strides = values["strides"];
  return tf.stridedSlice(
    x,
    begin,
    integers(values["end"]),
    strides === undefined || strides === null ? begin.map(() => 1) : integers(strides),
    mask("begin_mask"),
    mask("end_mask"),
    mask("ellipsis_mask"),
    mask("new_axis_mask"),
    mask("shrink_axis_mask"),
  );
}

/** How many of each row's sorted numbers come before a value. */
function placesIn({ sorted_sequence: sequence, values, side }: Values): tf.Tensor {
  const sorted = tf.expandDims(float(sequence), -2);
  const value = tf.expandDims(float(values), -1);
  const before = side === "right" ? tf.lessEqual(sorted, value) : tf.less(sorted, value);
  return tf.sum(tf.cast(before, "int32"), -1);
}

function clippedByNorm({ t, clip_norm: most, axes }: Values): tf.Tensor {
  const x = float(t);
  const over = axes === undefined || axes === null ? undefined : integers(axes);
  const square = tf.sum(tf.square(x), over, true);
  const positive = tf.greater(square, 0);
  // The root of 0 has no derivative; what is no number stays none.
  const norm = tf.where(positive, tf.sqrt(tf.where(positive, square, tf.onesLike(square))), square);
  const limit = float(most);
  return tf.div(tf.mul(x, limit), tf.maximum(norm, limit));
}

function towardsZero(x: tf.Tensor, y: tf.Tensor): tf.Tensor {
  const quotient = tf.div(tf.cast(x, "float32"), tf.cast(y, "float32"));
  const whole = tf.mul(tf.sign(quotient), tf.floor(tf.abs(quotient)));
  return tf.cast(whole, x.dtype);
}
