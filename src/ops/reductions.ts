import * as tf from "@tensorflow/tfjs";
import { operation, type Operation, type Values } from "./operation.js";
import { axes, axis, bool, float, keeps, number, tensor } from "./values.js";

/** keras/ops/numpy.py, math.py and linalg.py: operations over axes. */
export const REDUCTIONS: readonly Operation[] = [
  ...Object.entries<(x: tf.Tensor, over: number[], keep: boolean) => tf.Tensor>({
    Amax: tf.max,
    Amin: tf.min,
    CountNonzero: (x, over) => tf.sum(tf.cast(tf.notEqual(x, 0), "int32"), over),
    Logsumexp: tf.logSumExp,
    Max: tf.max,
    Mean: tf.mean,
    Median: (x, over, keep) => quantile(x, 0.5, over, keep),
    Min: tf.min,
    Nanmax: (x, over, keep) => tf.max(withoutNan(x, -Infinity), over, keep),
    Nanmean: (x, over, keep) => nanMean(x, over, keep),
    Nanmin: (x, over, keep) => tf.min(withoutNan(x, Infinity), over, keep),
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
      const x = name === "Sum" || name === "Max" || name === "Min" ? numeric(raw) : float(raw);
      return compute(x, axes(values, x.rank) ?? all(x.rank), keeps(values));
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
    const weights = tf.broadcastTo(given.rank === x.rank ? given : tf.reshape(given, shape), x.shape);
    return tf.div(tf.sum(tf.mul(x, weights), over), tf.sum(weights, over));
  }),
  operation("Cumsum", "x axis", (values) => along(tf.cumsum, values)),
  operation("Cumprod", "x axis", (values) => along(tf.cumprod, values)),
  operation("Nancumsum", "x axis", (values) =>
    along(tf.cumsum, { ...values, x: withoutNan(float(values["x"]), 0) }),
  ),
  operation("Norm", "x ord axis keepdims", (values) => norm(values)),
  operation("Quantile", "x q axis", (values) => {
    const x = float(values["x"]);
    return quantile(x, number(values["q"], 0.5), axes(values, x.rank) ?? all(x.rank), keeps(values));
  }),
  operation("Percentile", "x q axis", (values) => {
    const x = float(values["x"]);
    return quantile(x, number(values["q"], 50) / 100, axes(values, x.rank) ?? all(x.rank), keeps(values));
  }),
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
  return reduce(x, axes(values, x.rank), keeps(values));
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

/** Linear interpolation between the sorted values (numpy's default method). */
function quantile(x: tf.Tensor, q: number, over: readonly number[], keep: boolean): tf.Tensor {
  const others = all(x.rank).filter((i) => !over.includes(i));
  const size = over.reduce((n, i) => n * x.shape[i]!, 1);
  const flat = tf.reshape(tf.transpose(x, [...others, ...over]), [...others.map((i) => x.shape[i]!), size]);
  const sorted = tf.reverse(tf.topk(flat, size, true).values, flat.rank - 1);
  const position = q * (size - 1);
  const low = Math.floor(position);
  const at = (index: number) =>
    tf.squeeze(tf.gather(sorted, [Math.min(index, size - 1)], flat.rank - 1), [flat.rank - 1]);
  const result = tf.add(tf.mul(at(low), low + 1 - position), tf.mul(at(low + 1), position - low));
  return keep
    ? tf.reshape(
        result,
        x.shape.map((n, i) => (over.includes(i) ? 1 : n)),
      )
    : result;
}

/** keras/ops/linalg.py `norm` for vectors, and the Frobenius norm of matrices. */
function norm(values: Values): tf.Tensor {
  const x = float(values["x"]);
  const over = axes(values, x.rank);
  const order = values["ord"];
  const keep = keeps(values);
  if (over?.length === 1 && order !== undefined && order !== null && order !== 2) {
    const size = tf.abs(x);
    if (order === 1) return tf.sum(size, over, keep);
    if (order === "inf" || order === Infinity) return tf.max(size, over, keep);
    if (order === 0) return tf.sum(tf.cast(tf.notEqual(x, 0), "float32"), over, keep);
    const power = number(order, 2);
    return tf.pow(tf.sum(tf.pow(size, power), over, keep), 1 / power);
  }
  return tf.sqrt(tf.sum(tf.square(x), over ?? all(x.rank), keep));
}
