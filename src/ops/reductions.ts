import * as tf from "@tensorflow/tfjs";
import { broadcastTo } from "./broadcast.js";
import { singularValuesOf } from "./linear.js";
import { operation, type Operation, type Values } from "./operation.js";
import { axes, axis, bool, float, keeps, number, integers as numbers, tensor } from "./values.js";

/** Of whole numbers these are whole. */
const WHOLE: ReadonlySet<string> = new Set(["Sum", "Prod", "Max", "Min", "Amax", "Amin", "Ptp"]);

/** keras/ops/numpy.py, math.py and linalg.py: operations over axes. */
export const REDUCTIONS: readonly Operation[] = [
  ...Object.entries<(x: tf.Tensor, over: number[], keep: boolean) => tf.Tensor>({
    Amax: tf.max,
    Amin: tf.min,
    CountNonzero: (x, over, keep) => tf.sum(tf.cast(tf.notEqual(x, 0), "int32"), over, keep),
    Logsumexp: logSumExp,
    Max: tf.max,
    Mean: tf.mean,
    Median: (x, over, keep) => quantile(x, 0.5, over, keep),
    Min: tf.min,
    Nanmax: (x, over, keep) => unlessAllNan(x, tf.max(withoutNan(x, -Infinity), over, keep), over, keep),
    Nanmean: (x, over, keep) => nanMean(x, over, keep),
    Nanmin: (x, over, keep) => unlessAllNan(x, tf.min(withoutNan(x, Infinity), over, keep), over, keep),
    Nanmedian: (x, over, keep) => nanQuantile(x, 0.5, over, keep),
    Nanprod: (x, over, keep) => tf.prod(withoutNan(x, 1), over, keep),
    Nanstd: (x, over, keep) => tf.sqrt(nanVariance(x, over, keep)),
    Nansum: (x, over, keep) => tf.sum(withoutNan(x, 0), over, keep),
    Nanvar: (x, over, keep) => nanVariance(x, over, keep),
    Prod: tf.prod,
    Ptp: (x, over, keep) => tf.sub(tf.max(x, over, keep), tf.min(x, over, keep)),
    Std: (x, over, keep) => tf.sqrt(tf.moments(x, over, keep).variance),
    Sum: tf.sum,
    Var: (x, over, keep) => tf.moments(x, over, keep).variance,
  }).map(([name, compute]) =>
    operation(name, "x axis keepdims", (values) => {
      const raw = tensor(values["x"]);
      const x = WHOLE.has(name) ? numeric(raw) : float(raw);
      const found = compute(x, axes(values, x.rank) ?? all(x.rank), keeps(values));
      const initial = values["initial"];
      if (initial === undefined || initial === null) return found;
      return (/Max|Amax/.test(name) ? tf.maximum : tf.minimum)(found, tensor(initial, found.dtype));
    }),
  ),
  operation("Any", "x axis keepdims", (values) => logical(tf.any, values)),
  operation("All", "x axis keepdims", (values) => logical(tf.all, values)),
  operation("Argmax", "x axis keepdims", (values) => extreme(tf.argMax, values)),
  operation("Argmin", "x axis keepdims", (values) => extreme(tf.argMin, values)),
  operation("Average", "x weights axis", (values) => {
    const x = float(values["x"]);
    const over = axes(values, x.rank) ?? all(x.rank);
    if (values["weights"] === undefined || values["weights"] === null) return tf.mean(x, over);
    const given = float(values["weights"]);
    const shape = x.shape.map((n, i) => (over.includes(i) ? n : 1));
    const weights = broadcastTo(given.rank === x.rank ? given : tf.reshape(given, shape), x.shape);
    return tf.div(tf.sum(tf.mul(x, weights), over), tf.sum(weights, over));
  }),
  operation("Cumsum", "x axis", (values) => along(tf.cumsum, values)),
  operation("Cumprod", "x axis", (values) => along(tf.cumprod, values)),
  operation("Nancumsum", "x axis", (values) =>
    along(tf.cumsum, { ...values, x: withoutNan(float(values["x"]), 0) }),
  ),
  operation("Norm", "x ord axis keepdims", (values) => norm(values)),
  ...[
    ["Quantile", 1, quantile],
    ["Percentile", 100, quantile],
    ["Nanquantile", 1, nanQuantile],
    ["Nanpercentile", 100, nanQuantile],
  ].map(([name, whole, compute]) =>
    operation(name as string, "x q axis", (values) => {
      const x = float(values["x"]);
      const over = axes(values, x.rank) ?? all(x.rank);
      // Keras 3 saves the method of a Quantile and computes it by the linear one all the same.
      const method = (
        name === "Quantile" ? "linear" : String(values["method"] ?? "linear")
      ) as QuantileMethod;
      const one = (q: number) =>
        (compute as typeof quantile)(x, q / (whole as number), over, keeps(values), method);
      const q = values["q"];
      const many = Array.isArray(q) || (q instanceof tf.Tensor && q.rank > 0);
      return many ? tf.stack(numbers(q).map(one)) : one(number(q, 0.5 * (whole as number)));
    }),
  ),
  operation("Nancumprod", "x axis", (values) =>
    along(tf.cumprod, { ...values, x: withoutNan(float(values["x"]), 1) }),
  ),
  operation("Nanargmax", "x axis keepdims", (values) =>
    extreme(tf.argMax, { ...values, x: withoutNan(float(values["x"]), -Infinity) }),
  ),
  operation("Nanargmin", "x axis keepdims", (values) =>
    extreme(tf.argMin, { ...values, x: withoutNan(float(values["x"]), Infinity) }),
  ),
  operation("Moments", "x axes", (values) => {
    const x = float(values["x"]);
    const { mean, variance } = tf.moments(x, axes(values, x.rank), keeps(values));
    return [mean, variance];
  }),
];

/** Bool counts as 0 and 1. */
function numeric(x: tf.Tensor): tf.Tensor {
  return x.dtype === "bool" ? tf.cast(x, "int32") : x;
}

function all(rank: number): number[] {
  return Array.from({ length: rank }, (_, i) => i);
}

function logical(
  reduce: (x: tf.Tensor, axis?: number | number[], keepDims?: boolean) => tf.Tensor,
  values: Values,
): tf.Tensor {
  const x = bool(values["x"]);
  const over = axes(values, x.rank) ?? all(x.rank);
  if (x.size > 0) return reduce(x, over, keeps(values));
  // Of nothing: all of it holds, and none does.
  const none = tf.sum(tf.cast(x, "int32"), over, keeps(values));
  return reduce === tf.all ? tf.equal(none, 0) : tf.notEqual(none, 0);
}

function extreme(find: (x: tf.Tensor, axis?: number) => tf.Tensor, values: Values): tf.Tensor {
  const x = float(values["x"]);
  if (values["axis"] === undefined || values["axis"] === null) {
    const index = find(tf.reshape(x, [x.size]), 0);
    return keeps(values)
      ? tf.reshape(
          index,
          x.shape.map(() => 1),
        )
      : index;
  }
  const at = axis(values["axis"], x.rank, -1);
  const index = find(x, at);
  return keeps(values) ? tf.expandDims(index, at) : index;
}

function along(compute: (x: tf.Tensor, axis: number) => tf.Tensor, values: Values): tf.Tensor {
  const x = numeric(tensor(values["x"]));
  if (values["axis"] === undefined || values["axis"] === null) return compute(tf.reshape(x, [x.size]), 0);
  return compute(x, axis(values["axis"], x.rank, 0));
}

/** An infinite number among them is the result, not the difference of two. */
function logSumExp(x: tf.Tensor, over: number[], keep: boolean): tf.Tensor {
  const most = tf.max(x, over, true);
  const base = tf.where(tf.isFinite(most), most, tf.zerosLike(most));
  const sums = tf.add(tf.log(tf.sum(tf.exp(tf.sub(x, base)), over, true)), base);
  return keep ? sums : tf.squeeze(sums, over);
}

function withoutNan(x: tf.Tensor, by: number): tf.Tensor {
  return tf.where(tf.isNaN(x), tf.fill(x.shape, by), x);
}

function nanMean(x: tf.Tensor, over: number[], keep: boolean): tf.Tensor {
  const count = tf.sum(tf.cast(tf.logicalNot(tf.isNaN(x)), "float32"), over, keep);
  return tf.div(tf.sum(withoutNan(x, 0), over, keep), count);
}

function nanVariance(x: tf.Tensor, over: number[], keep: boolean): tf.Tensor {
  return nanMean(tf.square(tf.sub(x, nanMean(x, over, true))), over, keep);
}

type QuantileMethod = "linear" | "lower" | "higher" | "nearest" | "midpoint";

/** Between the sorted values (numpy's methods). */
function quantile(
  x: tf.Tensor,
  q: number,
  over: readonly number[],
  keep: boolean,
  method: QuantileMethod = "linear",
): tf.Tensor {
  const { rows, shape } = inRows(x, over, keep);
  const sorted = tf.reverse(tf.topk(rows, rows.shape[1]!, true).values, 1);
  const { low, share } = placeOf(q * (rows.shape[1]! - 1), method);
  const at = (index: number) => tf.squeeze(tf.gather(sorted, [Math.min(index, rows.shape[1]! - 1)], 1), [1]);
  // A share of nothing in an infinite value would be NaN.
  const between = share === 0 ? at(low) : tf.add(tf.mul(at(low), 1 - share), tf.mul(at(low + 1), share));
  const unknown = tf.any(tf.isNaN(rows), 1);
  return tf.reshape(tf.where(unknown, tf.fill(between.shape, NaN), between), shape);
}

/** The same of those that are numbers, row by row on the host. */
function nanQuantile(
  x: tf.Tensor,
  q: number,
  over: readonly number[],
  keep: boolean,
  method: QuantileMethod = "linear",
): tf.Tensor {
  const { rows, shape } = inRows(x, over, keep);
  const values = (rows.arraySync() as number[][]).map((row) => {
    const sorted = row.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
    const { low, share } = placeOf(q * (sorted.length - 1), method);
    const high = sorted[Math.min(low + 1, sorted.length - 1)];
    if (sorted.length === 0) return NaN;
    return share === 0 ? sorted[low]! : sorted[low]! * (1 - share) + high! * share;
  });
  return tf.tensor(values, shape);
}

/** The reduced axes as the second of two; the shape of what one number a row makes. */
function inRows(
  x: tf.Tensor,
  over: readonly number[],
  keep: boolean,
): { rows: tf.Tensor2D; shape: number[] } {
  const others = all(x.rank).filter((i) => !over.includes(i));
  const size = over.reduce((n, i) => n * x.shape[i]!, 1);
  const rows = tf.reshape(tf.transpose(x, [...others, ...over]), [x.size / size, size]) as tf.Tensor2D;
  return {
    rows,
    shape: keep ? x.shape.map((n, i) => (over.includes(i) ? 1 : n)) : others.map((i) => x.shape[i]!),
  };
}

function placeOf(position: number, method: QuantileMethod): { low: number; share: number } {
  const low = Math.floor(position);
  const rest = position - low;
  if (method === "lower") return { low, share: 0 };
  if (method === "higher") return { low, share: rest > 0 ? 1 : 0 };
  // Halves go to the even place.
  if (method === "nearest") return { low, share: rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? 1 : 0 };
  if (method === "midpoint") return { low, share: rest > 0 ? 0.5 : 0 };
  return { low, share: rest };
}

function unlessAllNan(x: tf.Tensor, result: tf.Tensor, over: number[], keep: boolean): tf.Tensor {
  return tf.where(tf.all(tf.isNaN(x), over, keep), tf.fill(result.shape, NaN), result);
}

/** keras/ops/linalg.py `norm`: of vectors along one axis, of matrices along two, of all numbers as one vector. */
function norm(values: Values): tf.Tensor {
  const x = float(values["x"]);
  const over = axes(values, x.rank) ?? all(x.rank);
  const keep = keeps(values);
  const order = orderOf(values["ord"]);
  if (order === null || (order === "fro" && over.length === 2) || (order === 2 && over.length === 1))
    return tf.sqrt(tf.sum(tf.square(x), over, keep));
  if (over.length === 1 && typeof order === "number") return vectorNorm(x, order, over, keep);
  if (over.length === 2) return matrixNorm(x, order, over as [number, number], keep);
  throw new Error(`norm: ord ${JSON.stringify(values["ord"])} is not one of ${over.length} axes`);
}

/** Infinity comes as a number or as text; TensorFlow has a name for what is meant without an order. */
function orderOf(value: Values[string]): number | string | null {
  if (value === undefined || value === null) return null;
  if (value === "euclidean") return null;
  if (typeof value !== "string") return number(value, 2);
  return /^-?inf/i.test(value) ? (value.startsWith("-") ? -Infinity : Infinity) : value;
}

function vectorNorm(x: tf.Tensor, order: number, over: number[], keep: boolean): tf.Tensor {
  const size = tf.abs(x);
  if (order === 1) return tf.sum(size, over, keep);
  if (order === Infinity) return tf.max(size, over, keep);
  if (order === -Infinity) return tf.min(size, over, keep);
  if (order === 0) return tf.sum(tf.cast(tf.notEqual(x, 0), "float32"), over, keep);
  return tf.pow(tf.sum(tf.pow(size, order), over, keep), 1 / order);
}

/** The largest or smallest sum of a column (1, -1) or a row (inf, -inf), or of the singular values (2, -2, "nuc"). */
function matrixNorm(x: tf.Tensor, order: number | string, over: [number, number], keep: boolean): tf.Tensor {
  const [row, column] = over;
  const others = all(x.rank).filter((i) => !over.includes(i));
  const matrix = tf.transpose(x, [...others, row, column]);
  const shape = keep ? x.shape.map((n, i) => (over.includes(i) ? 1 : n)) : others.map((i) => x.shape[i]!);
  return tf.reshape(normOfMatrix(matrix, order), shape);
}

function normOfMatrix(matrix: tf.Tensor, order: number | string): tf.Tensor {
  if (order === 1) return tf.max(tf.sum(tf.abs(matrix), -2), -1);
  if (order === -1) return tf.min(tf.sum(tf.abs(matrix), -2), -1);
  if (order === Infinity) return tf.max(tf.sum(tf.abs(matrix), -1), -1);
  if (order === -Infinity) return tf.min(tf.sum(tf.abs(matrix), -1), -1);
  if (order === 2) return tf.max(singularValuesOf(matrix), -1);
  if (order === -2) return tf.min(singularValuesOf(matrix), -1);
  if (order === "nuc") return tf.sum(singularValuesOf(matrix), -1);
  throw new Error(`norm: ord ${JSON.stringify(order)} is not "fro", "nuc", inf, -inf, 1, -1, 2 or -2`);
}
