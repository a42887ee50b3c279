import * as tf from "@tensorflow/tfjs";
import { broadcastTo } from "./broadcast.js";
import { histogram } from "./histogram.js";
import { operation, type Operation, type Values } from "./operation.js";
import { besselI, digamma, erfinv, lgamma, zeta } from "./numerics/special-functions.js";
import { axis, float, int, integers, number, tensor, tensors } from "./values.js";
import { oneHot } from "./one-hot.js";

/** keras/ops/numpy.py and math.py: what no kernel has, element by element on the host, and what counts elements. */
export const COUNTING: readonly Operation[] = [
  host("Erfinv", erfinv, (x) => (Math.sqrt(Math.PI) / 2) * Math.exp(erfinv(x) ** 2)),
  host(
    "I0",
    (x) => besselI(0, x),
    (x) => besselI(1, x),
  ),
  host("Lgamma", lgamma, digamma),
  host("Digamma", digamma, (x) => zeta(2, x)),
  operation("Angle", "x", ({ x }) => tf.mul(tf.cast(tf.less(float(x), 0), "float32"), Math.PI)),
  operation("Imag", "x", ({ x }) => tf.zerosLike(float(x))),
  operation("ViewAsReal", "x", ({ x }) => tf.stack([float(x), tf.zerosLike(float(x))], -1)),
  ...["BitwiseNot", "BitwiseInvert"].map((name) =>
    operation(name, "x", ({ x }) => tf.sub(tf.neg(int(x)), tf.scalar(1, "int32"))),
  ),
  pairs("Gcd", gcd),
  pairs("Lcm", (a, b) => (a === 0 || b === 0 ? 0 : Math.abs(a * b) / gcd(a, b))),
  operation("Nextafter", "x1 x2", ({ x1, x2 }) => {
    const [a, b] = [float(x1), float(x2)];
    const shape = tf.backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
    const [from, to] = [a, b].map((value) => broadcastTo(value, shape).dataSync());
    return tf.tensor(
      Float32Array.from(from!, (value, i) => nextAfter(value, to![i]!)),
      shape,
    );
  }),
  operation("AllClose", "x1 x2", ({ x1, x2, rtol, atol }) => {
    const [a, b] = [float(x1), float(x2)];
    const limit = tf.add(tf.mul(tf.abs(b), number(rtol, 1e-5)), number(atol, 1e-8));
    return tf.all(tf.lessEqual(tf.abs(tf.sub(a, b)), limit));
  }),
  operation("Array", "x", ({ x }) => tf.clone(tensor(x))),
  operation("Bincount", "x", bincount),
  operation("Histogram", "x bins range", histogram),
  operation("IsIn", "x1 x2", ({ x1, x2, invert }) => {
    const [a, b] = [float(x1), tf.reshape(float(x2), [-1])];
    const found = tf.any(tf.equal(tf.expandDims(a, -1), b), -1);
    return invert === true ? tf.logicalNot(found) : found;
  }),
  operation("InTopK", "targets predictions k", ({ targets, predictions, k }) => {
    const scores = float(predictions);
    const own = tf.sum(tf.mul(scores, oneHot(int(targets), scores.shape[1]!)), 1, true);
    return tf.less(tf.sum(tf.cast(tf.greater(scores, own), "int32"), 1), number(k, 1));
  }),
  operation("Argpartition", "x kth axis", (values) => {
    const x = float(values["x"]);
    const at = axis(values["axis"], x.rank, -1);
    const order = [...x.shape.map((_, i) => i).filter((i) => i !== at), at];
    const sorted = tf.topk(tf.neg(tf.transpose(x, order)), x.shape[at]!, true).indices;
    return tf.transpose(
      sorted,
      order.map((_, i) => order.indexOf(i)),
    );
  }),
  operation("UnravelIndex", "indices shape", ({ indices, shape }) => {
    const sizes = integers(shape);
    let rest = int(indices);
    const parts: tf.Tensor[] = [];
    // Keras on TensorFlow goes through the sizes the other way round for anything but a vector (numpy.py).
    for (const size of rest.rank === 1 ? [...sizes].reverse() : sizes) {
      const whole = tf.cast(tf.floorDiv(rest, tf.scalar(size, "int32")), "int32");
      parts.unshift(tf.sub(rest, tf.mul(whole, tf.scalar(size, "int32"))));
      rest = whole;
    }
    return parts;
  }),
  operation("Select", "condlist choicelist default", ({ condlist, choicelist, default: otherwise }) => {
    const [conditions, choices] = [tensors(condlist), tensors(choicelist).map((x) => float(x))];
    const shape = [...conditions, ...choices]
      .map((x) => x.shape)
      .reduce(tf.backend_util.assertAndGetBroadcastShape);
    const rest = broadcastTo(float(otherwise ?? 0), shape);
    return conditions.reduceRight<tf.Tensor>(
      (result, condition, i) =>
        tf.where(
          tf.notEqual(broadcastTo(float(condition), shape), 0),
          broadcastTo(choices[i]!, shape),
          result,
        ),
      rest,
    );
  }),
  operation("SliceUpdate", "inputs start_indices updates", ({ inputs, start_indices: start, updates }) => {
    const [x, part, from] = [tensor(inputs), tensor(updates), integers(start)];
    const pads = x.shape.map((n, i): [number, number] => [from[i]!, n - from[i]! - part.shape[i]!]);
    const inside = tf.pad(tf.onesLike(tf.cast(part, "float32")), pads);
    return tf.where(tf.greater(inside, 0), tf.pad(part, pads), x);
  }),
  operation("Meshgrid", "x", meshgrid),
  operation("Linspace", "start stop num", (values) =>
    spaced(values, float(values["start"]), float(values["stop"])),
  ),
  operation("Logspace", "start stop num", (values) =>
    tf.pow(number(values["base"], 10), spaced(values, float(values["start"]), float(values["stop"]))),
  ),
  operation("Geomspace", "start stop num", (values) =>
    tf.exp(spaced(values, tf.log(float(values["start"])), tf.log(float(values["stop"])))),
  ),
  operation("Diagflat", "x k", ({ x, k }) => {
    const flat = tf.reshape(float(x), [-1]);
    const by = number(k, 0);
    const size = flat.size + Math.abs(by);
    const cells = Array.from({ length: flat.size }, (_, i) => [i + Math.max(-by, 0), i + Math.max(by, 0)]);
    return tf.scatterND(tf.tensor2d(cells, [flat.size, 2], "int32"), flat, [size, size]);
  }),
  operation("Vander", "x N increasing", ({ x, N, increasing }) => {
    const value = float(x);
    const count = number(N, value.size);
    const powers = Array.from({ length: count }, (_, i) => (increasing === true ? i : count - 1 - i));
    return tf.pow(tf.expandDims(value, -1), tf.tensor1d(powers));
  }),
  operation("Trapezoid", "y x dx axis", (values) => {
    const y = float(values["y"]);
    const at = axis(values["axis"], y.rank, -1);
    const [before, after] = [part(y, at, 0), part(y, at, 1)];
    const places = values["x"] === undefined || values["x"] === null ? null : float(values["x"]);
    const steps = places
      ? tf.sub(part(places, places.rank - 1, 1), part(places, places.rank - 1, 0))
      : number(values["dx"], 1);
    return tf.sum(tf.mul(tf.mul(tf.add(before, after), 0.5), steps), at);
  }),
  operation("Corrcoef", "x", ({ x }) => {
    const value = float(x);
    const rows = value.rank === 1 ? tf.expandDims(value, 0) : value;
    const apart = tf.sub(rows, tf.mean(rows, 1, true)) as tf.Tensor2D;
    const products = tf.matMul(apart, apart, false, true);
    const size = tf.sqrt(tf.sum(tf.square(apart), 1, true));
    return tf.div(products, tf.matMul(size as tf.Tensor2D, size as tf.Tensor2D, false, true));
  }),
  operation("Correlate", "x1 x2 mode", ({ x1, x2, mode }) =>
    correlate(float(x1), float(x2), String(mode ?? "valid")),
  ),
  operation("CDist", "x y", ({ x, y }) => {
    const apart = tf.sub(tf.expandDims(float(x), -2), tf.expandDims(float(y), -3));
    return tf.sqrt(tf.sum(tf.square(apart), -1));
  }),
  operation("PSNR", "x1 x2 max_val", ({ x1, x2, max_val: most }) => {
    const error = tf.mean(tf.squaredDifference(float(x1), float(x2)));
    return tf.sub((20 * Math.log(number(most, 1))) / Math.LN10, tf.mul(tf.log(error), 10 / Math.LN10));
  }),
  ...(["Sum", "Max", "Min", "Prod"] as const).map((kind) =>
    operation(`Segment${kind}`, "data segment_ids", (values) => segments(values, kind)),
  ),
];

function host(name: string, compute: (x: number) => number, derivative: (x: number) => number): Operation {
  const each = (x: tf.Tensor, f: (x: number) => number) =>
    tf.tensor(Float32Array.from(x.dataSync(), f), x.shape);
  const run = tf.customGrad((x, save) => {
    (save as tf.GradSaveFunc)([x as tf.Tensor]);
    return {
      value: each(x as tf.Tensor, compute),
      gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => tf.mul(dy, each(saved!, derivative)),
    };
  });
  return operation(name, "x", ({ x }) => run(float(x)));
}

function pairs(name: string, compute: (a: number, b: number) => number): Operation {
  return operation(name, "x1 x2", ({ x1, x2 }) => {
    const [x, y] = [int(x1), int(x2)];
    const shape = tf.backend_util.assertAndGetBroadcastShape(x.shape, y.shape);
    const [a, b] = [x, y].map((value) => broadcastTo(value, shape).dataSync());
    return tf.tensor(
      Int32Array.from(a!, (value, i) => compute(value, b![i]!)),
      shape,
      "int32",
    );
  });
}

/** The next single precision number on the way. */
function nextAfter(value: number, to: number): number {
  if (value === to) return to;
  const bits = new Int32Array(new Float32Array([value]).buffer);
  if (value === 0) return Math.sign(to) * 2 ** -149;
  bits[0]! += value > 0 === to > value ? 1 : -1;
  return new Float32Array(bits.buffer)[0]!;
}

function gcd(a: number, b: number): number {
  return b === 0 ? Math.abs(a) : gcd(b, a % b);
}

/** How often each number occurs, along the last axis. */
function bincount(values: Values): tf.Tensor {
  const x = int(values["x"]);
  const weights =
    values["weights"] === undefined || values["weights"] === null ? null : float(values["weights"]);
  const most = Math.max(-1, ...x.dataSync());
  const depth = Math.max(most + 1, number(values["minlength"], 0));
  const rows = tf.cast(
    tf.equal(tf.expandDims(x, -1), tf.range(0, depth, 1, "int32")),
    weights ? "float32" : "int32",
  );
  return tf.sum(weights ? tf.mul(rows, tf.expandDims(weights, -1)) : rows, rows.rank - 2);
}

function meshgrid(values: Values): tf.Tensor[] {
  const more = Object.keys(values)
    .filter((key) => /^\d+$/.test(key))
    .sort((a, b) => Number(a) - Number(b));
  const axes = ["x", ...more].flatMap((key) => (values[key] === undefined ? [] : tensors(values[key])));
  const swap = values["indexing"] !== "ij" && axes.length > 1;
  const place = (i: number) => (swap && i < 2 ? 1 - i : i);
  const shape = axes.map((_, i) => axes[place(i)]!.size);
  return axes.map((x, i) =>
    broadcastTo(
      tf.reshape(
        x,
        axes.map((_, k) => (k === place(i) ? x.size : 1)),
      ),
      shape,
    ),
  );
}

/** Numbers at equal distances, along a new axis. */
function spaced(values: Values, a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const count = number(values["num"], 50);
  const steps = Math.max(values["endpoint"] === false ? count : count - 1, 1);
  const shape = tf.backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const along = axis(values["axis"], shape.length + 1, 0);
  const column = shape.map(() => 1);
  column.splice(along, 0, count);
  const at = tf.reshape(tf.div(tf.range(0, count), steps), column);
  const [from, to] = [a, b].map((x) => tf.expandDims(broadcastTo(x, shape), along));
  return tf.add(from!, tf.mul(at, tf.sub(to!, from!)));
}

/** All but the last (0) or the first (1) of an axis. */
function part(x: tf.Tensor, at: number, from: 0 | 1): tf.Tensor {
  return tf.slice(
    x,
    x.shape.map((_, i) => (i === at ? from : 0)),
    x.shape.map((n, i) => (i === at ? n - 1 : n)),
  );
}

function correlate(a: tf.Tensor, b: tf.Tensor, mode: string): tf.Tensor {
  const [long, short] = [a.dataSync(), b.dataSync()];
  const all = Array.from({ length: long.length + short.length - 1 }, (_, k) =>
    Array.from(short).reduce((sum, value, j) => sum + value * (long[k - short.length + 1 + j] ?? 0), 0),
  );
  const [most, least] = [Math.max(long.length, short.length), Math.min(long.length, short.length)];
  const from = mode === "full" ? 0 : mode === "same" ? Math.floor((least - 1) / 2) : least - 1;
  const size = mode === "full" ? all.length : mode === "same" ? most : most - least + 1;
  return tf.tensor1d(all.slice(from, from + size));
}

/** Rows that share an id, put together; an id without rows gives the operation's neutral value. */
function segments(values: Values, kind: "Sum" | "Max" | "Min" | "Prod"): tf.Tensor {
  const given = tensor(values["data"]);
  const whole = given.dtype === "int32";
  const data = whole ? given : float(given);
  const ids = int(values["segment_ids"]).dataSync();
  const count = number(values["num_segments"], Math.max(...ids) + 1);
  const rows = tf.unstack(data);
  const [least, most] = whole ? [-(2 ** 31), 2 ** 31 - 1] : [-3.4028234663852886e38, 3.4028234663852886e38];
  const neutral = { Sum: 0, Max: least, Min: most, Prod: 1 }[kind];
  const join = { Sum: tf.add, Max: tf.maximum, Min: tf.minimum, Prod: tf.mul }[kind] as (
    a: tf.Tensor,
    b: tf.Tensor,
  ) => tf.Tensor;
  return tf.stack(
    Array.from({ length: count }, (_, id) =>
      rows
        .filter((_row, i) => ids[i] === id)
        .reduce(join, tf.fill(data.shape.slice(1), neutral, data.dtype as "int32")),
    ),
  );
}
