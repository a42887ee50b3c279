import * as tf from "@tensorflow/tfjs";
import { runningLogSumExp } from "../../ops/running-log-sum-exp.js";
import { DataType } from "../../formats/proto/tensorflow_pb.js";
import type { Attributes } from "../attributes.js";
import type { Kernel, KernelTable, OpCall } from "../kernel.js";
import { ComplexTensor, WideIntegers, type GraphValue } from "../value.js";
import {
  bigints,
  boundsOf,
  exactRunning,
  fitTo,
  integersOf,
  isWideType,
  needsExact,
  ranked,
  wrapped,
} from "./integers.js";

/** Reductions over axes, over segments, and running ones. */
export const reduction: KernelTable = {
  Sum: over((x, axes, keep) => tf.sum(x, axes, keep)),
  Mean: over((x, axes, keep) => tf.mean(x, axes, keep)),
  Prod: over((x, axes, keep) => tf.prod(x, axes, keep)),
  Max: over((x, axes, keep) => tf.max(x, axes, keep)),
  Min: over((x, axes, keep) => tf.min(x, axes, keep)),
  // As numbers: over no elements at all, some back ends say that all is false.
  All: over((x, axes, keep) =>
    tf.cast(tf.equal(tf.sum(tf.cast(tf.logicalNot(x), "int32"), axes, keep), 0), "bool"),
  ),
  Any: over((x, axes, keep) => tf.cast(tf.greater(tf.sum(tf.cast(x, "int32"), axes, keep), 0), "bool")),
  EuclideanNorm: over((x, axes, keep) => tf.sqrt(tf.sum(tf.square(x), axes, keep))),
  L2Loss: { run: (call) => tf.div(tf.sum(tf.square(call.tensor(0))), 2) },
  ArgMax: { host: [1], run: (call) => extreme(call, tf.argMax) },
  ArgMin: { host: [1], run: (call) => extreme(call, tf.argMin) },
  Cumsum: { host: valuesOfWide, run: cumsum },
  Cumprod: { host: valuesOfWide, run: cumprod },
  CumulativeLogsumexp: { host: [1], run: cumulativeLogSumExp },
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
  SparseSegmentSumWithNumSegments: { host: [1, 2, 3], run: (call) => sparseSegments(call, "sum") },
  SparseSegmentMeanWithNumSegments: { host: [1, 2, 3], run: (call) => sparseSegments(call, "mean") },
  SparseSegmentSqrtNWithNumSegments: { host: [1, 2, 3], run: (call) => sparseSegments(call, "sqrtn") },
  SegmentSumV2: { host: [1, 2], run: (call) => segments(call, call.number(2), "sum") },
  SegmentProdV2: { host: [1, 2], run: (call) => segments(call, call.number(2), "prod") },
  SegmentMaxV2: { host: [1, 2], run: (call) => segments(call, call.number(2), "max") },
  SegmentMinV2: { host: [1, 2], run: (call) => segments(call, call.number(2), "min") },
  HistogramFixedWidth: { host: [0, 1, 2], run: histogram },
};

function over(reduce: (x: tf.Tensor, axes: number[], keep: boolean) => tf.Tensor): Kernel {
  return {
    host: [1],
    run: (call) => {
      const value = call.value(0);
      if (value instanceof ComplexTensor) return reduceComplex(call, value, reduce);
      if (value instanceof WideIntegers) return reduceWide(call, value);
      const x = call.tensor(0);
      const axes = [...new Set(call.numbers(1).map((axis) => (axis < 0 ? axis + x.rank : axis)))];
      // No axis means no reduction in TensorFlow.
      if (axes.length === 0) return tf.clone(x);
      const keep = call.attributes.bool("keep_dims");
      // Over nothing at all: the least and the greatest number there is.
      if (x.size === 0 && x.dtype === "float32" && /^(Max|Min)$/.test(call.step.op)) {
        const shape = reduce(tf.zeros(x.shape), axes, keep).shape;
        return tf.fill(shape, call.step.op === "Max" ? -Infinity : Infinity);
      }
      if (x.size === 0 && isWideType(call.attributes.type("T")) && /^(Max|Min)$/.test(call.step.op)) {
        const { shape, size } = reduce(x, axes, keep);
        const bound = boundsOf(call.attributes.type("T"))[call.step.op === "Max" ? 0 : 1];
        return integersOf(new Array<bigint>(size).fill(bound), shape);
      }
      if (call.attributes.type("T") === DataType.DT_INT64 && /^(Sum|Prod)$/.test(call.step.op)) {
        const inFloat = tf.abs(reduce(tf.cast(x, "float32"), axes, keep));
        if (inFloat.size > 0 && !(tf.max(inFloat).dataSync()[0]! < 2 ** 30))
          return reduceWide(call, new WideIntegers(x.shape, bigints(call, 0)));
      }
      const result = reduce(x, axes, keep);
      const typed = result.dtype === x.dtype || x.dtype === "bool" ? result : tf.cast(result, x.dtype);
      return wrapped(typed, call.attributes.type("T"));
    },
  };
}

function reduceComplex(
  call: OpCall,
  { real, imaginary }: ComplexTensor,
  reduce: (x: tf.Tensor, axes: number[], keep: boolean) => tf.Tensor,
): ComplexTensor {
  if (!/^(Sum|Mean)$/.test(call.step.op))
    throw call.error("O07", "it is not supported on complex numbers", "Register a function for the op.");
  const axes = call.numbers(1);
  const keep = call.attributes.bool("keep_dims");
  if (axes.length === 0) return new ComplexTensor(tf.clone(real), tf.clone(imaginary));
  return new ComplexTensor(reduce(real, axes, keep), reduce(imaginary, axes, keep));
}

const WIDE: ReadonlyMap<string, (a: bigint, b: bigint) => bigint> = new Map([
  ["Sum", (a, b) => a + b],
  ["Prod", (a, b) => a * b],
  ["Max", (a, b) => (a > b ? a : b)],
  ["Min", (a, b) => (a < b ? a : b)],
]);

/** Integers beyond 32 bits, reduced one by one on the host. */
function reduceWide(call: OpCall, { shape, values }: WideIntegers): tf.Tensor | WideIntegers {
  const combine = WIDE.get(call.step.op);
  if (combine === undefined) throw call.overflow();
  const axes = new Set(call.numbers(1).map((axis) => (axis + shape.length) % shape.length));
  const kept = shape.map((dim, d) => (axes.has(d) ? 1 : dim));
  const out: bigint[] = [];
  values.forEach((value, i) => {
    let rest = i;
    let at = 0;
    let stride = 1;
    for (let d = shape.length - 1; d >= 0; d--) {
      if (!axes.has(d)) {
        at += (rest % shape[d]!) * stride;
        stride *= shape[d]!;
      }
      rest = Math.floor(rest / shape[d]!);
    }
    const before = out[at];
    out[at] = before === undefined ? value : combine(before, value);
  });
  const result = call.attributes.bool("keep_dims") ? kept : shape.filter((_, d) => !axes.has(d));
  return integersOf(out.map(fitTo(call.attributes.type("T"))), result);
}

function extreme(call: OpCall, op: (x: tf.Tensor, axis: number) => tf.Tensor): tf.Tensor {
  const x = call.value(0);
  return op(x instanceof WideIntegers ? ranked(x).ranks : call.tensor(0), call.number(1));
}

/** The axis, and the values of integers that need not fit a back end. */
function valuesOfWide(attributes: Attributes): number[] {
  return isWideType(attributes.type("T")) ? [0, 1] : [1];
}

function cumsum(call: OpCall): GraphValue {
  if (needsExact(call)) return exactRunning(call, call.number(1), 0n, (a, b) => a + b);
  const x = call.tensor(0);
  const [exclusive, reverse] = [call.attributes.bool("exclusive"), call.attributes.bool("reverse")];
  return wrapped(tf.cumsum(x, axisOf(call, x), exclusive, reverse), call.attributes.type("T"));
}

function cumulativeLogSumExp(call: OpCall): tf.Tensor {
  const x = call.tensor(0);
  const { attributes } = call;
  return runningLogSumExp(x, axisOf(call, x), attributes.bool("exclusive"), attributes.bool("reverse"));
}

function cumprod(call: OpCall): GraphValue {
  const type = call.attributes.type("T");
  if (needsExact(call)) return exactRunning(call, call.number(1), 1n, (a, b) => a * b);
  const x = call.tensor(0);
  const [exclusive, reverse] = [call.attributes.bool("exclusive"), call.attributes.bool("reverse")];
  return wrapped(tf.cumprod(x, axisOf(call, x), exclusive, reverse), type);
}

function axisOf(call: OpCall, x: tf.Tensor): number {
  const axis = call.number(1);
  return axis < 0 ? axis + x.rank : axis;
}

function histogram(call: OpCall): tf.Tensor {
  const [low, high] = call.numbers(1) as [number, number];
  const bins = call.checkedShape([call.number(2)])[0]!;
  const counts = new Int32Array(bins);
  for (const value of call.numbers(0)) {
    const bin = Math.floor(((value - low) / (high - low)) * bins);
    counts[Math.min(bins - 1, Math.max(0, bin))]!++;
  }
  return tf.tensor1d(counts, "int32");
}

function segmentCount(call: OpCall): number {
  return (call.numbers(1).at(-1) ?? -1) + 1;
}

type SegmentKind = "sum" | "mean" | "max" | "min" | "prod" | "sqrtn";

/** Rows gathered by segment; the ids are on the host, so each back end only needs gather and a reduction. */
function segments(call: OpCall, count: number, kind: SegmentKind): tf.Tensor | WideIntegers {
  const x = call.tensor(0);
  const idShape = call.shapeOf(1);
  const rows = tf.reshape(x, [idShape.reduce((n, dim) => n * dim, 1), ...x.shape.slice(idShape.length)]);
  return reduceRows(call, rows, call.numbers(1), count, kind);
}

function sparseSegments(call: OpCall, kind: SegmentKind): tf.Tensor | WideIntegers {
  const rows = tf.gather(call.tensor(0), tf.cast(tf.tensor1d(call.numbers(1)), "int32"));
  const ids = call.numbers(2);
  return reduceRows(call, rows, ids, call.count > 3 ? call.number(3) : (ids.at(-1) ?? -1) + 1, kind);
}

function reduceRows(
  call: OpCall,
  rows: tf.Tensor,
  ids: readonly number[],
  count: number,
  kind: SegmentKind,
): tf.Tensor | WideIntegers {
  call.checkedShape([count, ...rows.shape.slice(1)]);
  const width = rows.shape.slice(1).reduce((n, dim) => n * dim, 1);
  const values = rows.dataSync();
  const type = call.attributes.type("T");
  const out = new Float64Array(count * width).fill(
    rows.dtype === "int32" ? WHOLE_START[kind] : startOf(kind, type),
  );
  const members = new Array<number>(count).fill(0);
  ids.forEach((id, row) => {
    if (id < 0 || id >= count) return;
    members[id]!++;
    for (let c = 0; c < width; c++) {
      const at = id * width + c;
      const value = values[row * width + c]!;
      if (kind === "max") out[at] = Math.max(out[at]!, value);
      else if (kind === "min") out[at] = Math.min(out[at]!, value);
      else if (kind === "prod")
        out[at] = rows.dtype === "int32" && !isWideType(type) ? Math.imul(out[at]!, value) : out[at]! * value;
      else out[at]! += value;
    }
  });
  // Sorted segments without rows hold zeros; only the unsorted ones keep the type's bound.
  if (!call.step.op.startsWith("Unsorted") && (kind === "max" || kind === "min")) {
    for (let at = 0; at < out.length; at++) if (members[Math.floor(at / width)] === 0) out[at] = 0;
  }
  if (kind === "mean" || kind === "sqrtn") {
    for (let at = 0; at < out.length; at++) {
      const n = members[Math.floor(at / width)]!;
      if (n > 0) out[at]! /= kind === "mean" ? n : Math.sqrt(n);
    }
  }
  const shape = [count, ...rows.shape.slice(1)];
  if (rows.dtype !== "int32") return tf.tensor(Float32Array.from(out), shape, rows.dtype);
  const empty = emptySegment(call, kind);
  const whole = (value: number, at: number): bigint =>
    members[Math.floor(at / width)] === 0 ? empty : BigInt(value);
  // Sums that wrap around in 32 bits do not in 64.
  if (isWideType(type)) {
    if (out.some((value, at) => members[Math.floor(at / width)]! > 0 && !Number.isSafeInteger(value)))
      throw call.overflow();
    return integersOf(Array.from(out, whole), shape);
  }
  for (let at = 0; at < out.length; at++) if (members[Math.floor(at / width)] === 0) out[at] = Number(empty);
  return wrapped(tf.tensor(Int32Array.from(out), shape, "int32"), type);
}

/** What a segment of floats begins with, and holds without rows. */
function startOf(kind: SegmentKind, type: DataType | null): number {
  if (kind === "prod") return 1;
  const greatest = GREATEST.get(type) ?? 3.4028234663852886e38;
  return kind === "max" ? -greatest : kind === "min" ? greatest : 0;
}

const WHOLE_START: Readonly<Record<SegmentKind, number>> = {
  sum: 0,
  mean: 0,
  sqrtn: 0,
  prod: 1,
  max: -Infinity,
  min: Infinity,
};

const GREATEST: ReadonlyMap<DataType | null, number> = new Map([
  [DataType.DT_HALF, 65504],
  [DataType.DT_BFLOAT16, 3.3895313892515355e38],
  // Its bound is beyond float32, which holds it.
  [DataType.DT_DOUBLE, Infinity],
]);

/** What a segment of whole numbers holds without rows: only unsorted ones keep the type's bound. */
function emptySegment(call: OpCall, kind: SegmentKind): bigint {
  if (kind === "prod") return 1n;
  if (!call.step.op.startsWith("Unsorted")) return 0n;
  const [least, greatest] = boundsOf(call.attributes.type("T"));
  return kind === "max" ? least : kind === "min" ? greatest : 0n;
}
