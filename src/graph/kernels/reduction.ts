import * as tf from "@tensorflow/tfjs";
import { DataType } from "../../formats/proto/tensorflow_pb.js";
import type { Kernel, KernelTable, OpCall } from "../kernel.js";
import { checkRange } from "./arithmetic.js";

/** Reductions over axes, over segments, and running ones. */
export const reduction: KernelTable = {
  Sum: over((x, axes, keep) => tf.sum(x, axes, keep)),
  Mean: over((x, axes, keep) => tf.mean(x, axes, keep)),
  Prod: over((x, axes, keep) => tf.prod(x, axes, keep)),
  Max: over((x, axes, keep) => tf.max(x, axes, keep)),
  Min: over((x, axes, keep) => tf.min(x, axes, keep)),
  All: over((x, axes, keep) => tf.all(x, axes, keep)),
  Any: over((x, axes, keep) => tf.any(x, axes, keep)),
  EuclideanNorm: over((x, axes, keep) => tf.sqrt(tf.sum(tf.square(x), axes, keep))),
  L2Loss: { run: (call) => tf.div(tf.sum(tf.square(call.tensor(0))), 2) },
  ArgMax: { host: [1], run: (call) => extreme(call, tf.argMax) },
  ArgMin: { host: [1], run: (call) => extreme(call, tf.argMin) },
  Cumsum: { host: [1], run: cumsum },
  Cumprod: { host: [1], run: cumprod },
  CumulativeLogsumexp: { host: [1], run: (call) => tf.log(runningSum(call, tf.exp(call.tensor(0)))) },
  Bincount: { host: [0, 1, 2], run: bincount },
  DenseBincount: { host: [0, 1, 2], run: bincount },
  SegmentSum: { host: [1], run: (call) => segments(call, segmentCount(call), "sum") },
  SegmentMean: { host: [1], run: (call) => segments(call, segmentCount(call), "mean") },
  SegmentMax: { host: [1], run: (call) => segments(call, segmentCount(call), "max") },
  SegmentMin: { host: [1], run: (call) => segments(call, segmentCount(call), "min") },
  SegmentProd: { host: [1], run: (call) => segments(call, segmentCount(call), "prod") },
  UnsortedSegmentSum: { host: [1, 2], run: (call) => segments(call, call.number(2), "sum") },
  UnsortedSegmentMax: { host: [1, 2], run: (call) => segments(call, call.number(2), "max") },
  UnsortedSegmentMin: { host: [1, 2], run: (call) => segments(call, call.number(2), "min") },
  UnsortedSegmentProd: { host: [1, 2], run: (call) => segments(call, call.number(2), "prod") },
  SparseSegmentSum: { host: [1, 2], run: (call) => sparseSegments(call, "sum") },
  SparseSegmentMean: { host: [1, 2], run: (call) => sparseSegments(call, "mean") },
  SparseSegmentSqrtN: { host: [1, 2], run: (call) => sparseSegments(call, "sqrtn") },
};

function over(reduce: (x: tf.Tensor, axes: number[], keep: boolean) => tf.Tensor): Kernel {
  return {
    host: [1],
    run: (call) => {
      const x = call.tensor(0);
      const axes = [...new Set(call.numbers(1).map((axis) => (axis < 0 ? axis + x.rank : axis)))];
      // No axis means no reduction in TensorFlow.
      if (axes.length === 0) return tf.clone(x);
      const keep = call.attributes.bool("keep_dims");
      if (call.attributes.type("T") === DataType.DT_INT64 && /^(Sum|Prod)$/.test(call.step.op)) {
        checkRange(call, () => reduce(tf.cast(x, "float32"), axes, keep));
      }
      const result = reduce(x, axes, keep);
      return result.dtype === x.dtype || x.dtype === "bool" ? result : tf.cast(result, x.dtype);
    },
  };
}

function extreme(call: OpCall, op: (x: tf.Tensor, axis: number) => tf.Tensor): tf.Tensor {
  return op(call.tensor(0), call.number(1));
}

function cumsum(call: OpCall): tf.Tensor {
  return runningSum(call, call.tensor(0));
}

function runningSum(call: OpCall, x: tf.Tensor): tf.Tensor {
  return tf.cumsum(x, axisOf(call, x), call.attributes.bool("exclusive"), call.attributes.bool("reverse"));
}

function cumprod(call: OpCall): tf.Tensor {
  const x = call.tensor(0);
  return tf.cumprod(x, axisOf(call, x), call.attributes.bool("exclusive"), call.attributes.bool("reverse"));
}

function axisOf(call: OpCall, x: tf.Tensor): number {
  const axis = call.number(1);
  return axis < 0 ? axis + x.rank : axis;
}

/** Counts, or sums of weights, on the host; rank 1 or rows of rank 2. */
function bincount(call: OpCall): tf.Tensor {
  const shape = call.shapeOf(0);
  const size = call.number(1);
  const binary = call.attributes.bool("binary_output");
  const weights =
    call.shapeOf(2).every((dim) => dim > 0) && call.shapeOf(2).length > 0 ? call.numbers(2) : null;
  const rows = call.step.op === "DenseBincount" && shape.length === 2 ? shape[0]! : 1;
  const values = call.numbers(0);
  const columns = rows === 0 ? 0 : values.length / rows;
  call.checkedShape([rows, size]);
  const counts = new Float32Array(rows * size);
  values.forEach((value, i) => {
    if (value < 0 || value >= size) return;
    const at = Math.floor(i / columns) * size + value;
    counts[at] = binary ? 1 : counts[at]! + (weights === null ? 1 : weights[i]!);
  });
  const type = call.count > 2 && call.tensor(2).dtype === "int32" ? "int32" : "float32";
  return tf.tensor(counts, rows === 1 && shape.length < 2 ? [size] : [rows, size], type);
}

function segmentCount(call: OpCall): number {
  return (call.numbers(1).at(-1) ?? -1) + 1;
}

type SegmentKind = "sum" | "mean" | "max" | "min" | "prod" | "sqrtn";

/** Rows gathered by segment; the ids are on the host, so each back end only needs gather and a reduction. */
function segments(call: OpCall, count: number, kind: SegmentKind): tf.Tensor {
  const x = call.tensor(0);
  const idShape = call.shapeOf(1);
  const rows = tf.reshape(x, [idShape.reduce((n, dim) => n * dim, 1), ...x.shape.slice(idShape.length)]);
  return reduceRows(call, rows, call.numbers(1), count, kind);
}

function sparseSegments(call: OpCall, kind: SegmentKind): tf.Tensor {
  const rows = tf.gather(call.tensor(0), tf.cast(tf.tensor1d(call.numbers(1)), "int32"));
  const ids = call.numbers(2);
  return reduceRows(call, rows, ids, (ids.at(-1) ?? -1) + 1, kind);
}

function reduceRows(
  call: OpCall,
  rows: tf.Tensor,
  ids: readonly number[],
  count: number,
  kind: SegmentKind,
): tf.Tensor {
  call.checkedShape([count, ...rows.shape.slice(1)]);
  const width = rows.shape.slice(1).reduce((n, dim) => n * dim, 1);
  const values = rows.dataSync();
  const out = new Float64Array(count * width).fill(startOf(kind, rows.dtype));
  const members = new Array<number>(count).fill(0);
  ids.forEach((id, row) => {
    if (id < 0 || id >= count) return;
    members[id]!++;
    for (let c = 0; c < width; c++) {
      const at = id * width + c;
      const value = values[row * width + c]!;
      if (kind === "max") out[at] = Math.max(out[at]!, value);
      else if (kind === "min") out[at] = Math.min(out[at]!, value);
      else if (kind === "prod") out[at]! *= value;
      else out[at]! += value;
    }
  });
  if (kind === "mean" || kind === "sqrtn") {
    for (let at = 0; at < out.length; at++) {
      const n = members[Math.floor(at / width)]!;
      if (n > 0) out[at]! /= kind === "mean" ? n : Math.sqrt(n);
    }
  }
  return tf.tensor(
    rows.dtype === "int32" ? Int32Array.from(out) : Float32Array.from(out),
    [count, ...rows.shape.slice(1)],
    rows.dtype,
  );
}

/** What a segment without rows holds. */
function startOf(kind: SegmentKind, dtype: tf.DataType): number {
  if (kind === "prod") return 1;
  if (kind === "max") return dtype === "int32" ? -(2 ** 31) : -3.4028234663852886e38;
  if (kind === "min") return dtype === "int32" ? 2 ** 31 - 1 : 3.4028234663852886e38;
  return 0;
}
