import * as tf from "@tensorflow/tfjs";
import { mirrorPad } from "./mirror-pad.js";
import { broadcastTo } from "./broadcast.js";
import { index } from "./slicing.js";
import { operation, type Operation } from "./operation.js";
import { axis, dtypeOf, float, int, integers, number, tensor, tensors } from "./values.js";
import { oneHot } from "./one-hot.js";

/** keras/ops/numpy.py and core.py: operations that move, join, choose and make elements. */
export const ARRAYS: readonly Operation[] = [
  operation("GetItem", "x key", ({ x, key }) => index(tensor(x), key)),
  operation("Reshape", "x newshape", ({ x, newshape }) => {
    // Of no elements, the length that is left open is 0.
    const open = tensor(x).size === 0 ? 0 : -1;
    return tf.reshape(
      tensor(x),
      integers(newshape).map((n) => (n < 0 ? open : n)),
    );
  }),
  operation("Ravel", "x", ({ x }) => tf.reshape(tensor(x), [-1])),
  operation("Transpose", "x axes", ({ x, axes }) => {
    const order = axes === undefined || axes === null ? undefined : integers(axes);
    return tf.transpose(tensor(x), order);
  }),
  operation("ExpandDims", "x axis", (values) => {
    const x = tensor(values["x"]);
    const axes = integers(values["axis"]);
    const places = axes.map((at) => (at < 0 ? at + x.rank + axes.length : at));
    return places.sort((a, b) => a - b).reduce((y, at) => tf.expandDims(y, at), x);
  }),
  operation("Squeeze", "x axis", (values) => {
    const x = tensor(values["x"]);
    const given = values["axis"];
    if (given === undefined || given === null) return tf.squeeze(x);
    return tf.squeeze(
      x,
      integers(given).map((at) => (at < 0 ? at + x.rank : at)),
    );
  }),
  operation("Concatenate", "xs axis", ({ xs, axis: at }) => {
    const list = sameType(tensors(xs));
    return tf.concat(list, axis(at, list[0]!.rank, -1));
  }),
  operation("Append", "x1 x2 axis", ({ x1, x2, axis: at }) => {
    const list = [tensor(x1), tensor(x2)];
    if (at === undefined || at === null) return tf.concat(list.map((x) => tf.reshape(x, [-1])));
    return tf.concat(list, axis(at, list[0]!.rank, -1));
  }),
  operation("Stack", "x axis", ({ x, axis: at }) => {
    const list = sameType(tensors(x));
    return tf.stack(list, axis(at, list[0]!.rank + 1, 0));
  }),
  operation("Vstack", "xs", ({ xs }) =>
    tf.concat(
      tensors(xs).map((x) => (x.rank < 2 ? tf.expandDims(x, 0) : x)),
      0,
    ),
  ),
  operation("Hstack", "xs", ({ xs }) => {
    const list = tensors(xs);
    return tf.concat(list, list[0]!.rank === 1 ? 0 : 1);
  }),
  operation("Dstack", "xs", ({ xs }) =>
    tf.concat(
      tensors(xs).map((x) => (x.rank === 2 ? tf.expandDims(x, 2) : x)),
      2,
    ),
  ),
  operation("Unstack", "x num axis", (values) => {
    const x = tensor(values["x"]);
    return tf.unstack(x, axis(values["axis"], x.rank, 0));
  }),
  ...[
    ["Split", null],
    ["ArraySplit", null],
    ["Vsplit", 0],
    ["Hsplit", 1],
    ["Dsplit", 2],
  ].map(([name, fixed]) =>
    operation(name as string, "x indices_or_sections axis", (values) => {
      const x = tensor(values["x"]);
      const at = fixed === null ? axis(values["axis"], x.rank, 0) : (fixed as number);
      return split(x, values["indices_or_sections"], at);
    }),
  ),
  operation("Tile", "x repeats", ({ x, repeats }) => {
    const value = tensor(x);
    const counts = integers(repeats);
    const rank = Math.max(value.rank, counts.length);
    const pad = <T>(list: readonly T[], by: T) => [
      ...Array.from({ length: rank - list.length }, () => by),
      ...list,
    ];
    return tf.tile(tf.reshape(value, pad(value.shape, 1)), pad(counts, 1));
  }),
  operation("Repeat", "x repeats axis", (values) => {
    const given = tensor(values["x"]);
    const flat = values["axis"] === undefined || values["axis"] === null;
    const x = flat ? tf.reshape(given, [-1]) : given;
    const at = flat ? 0 : axis(values["axis"], x.rank, 0);
    const counts = integers(values["repeats"]);
    const chosen = Array.from({ length: x.shape[at]! }, (_, i) =>
      Array.from({ length: counts[i] ?? counts[0]! }, () => i),
    ).flat();
    return tf.gather(x, tf.tensor1d(chosen, "int32"), at);
  }),
  operation("Pad", "x constant_values", (values) => pad(values)),
  operation("Flip", "x axis", (values) => {
    const x = tensor(values["x"]);
    const given = values["axis"];
    return given === undefined || given === null ? tf.reverse(x) : tf.reverse(x, integers(given));
  }),
  operation("Fliplr", "x", ({ x }) => tf.reverse(tensor(x), 1)),
  operation("Flipud", "x", ({ x }) => tf.reverse(tensor(x), 0)),
  operation("Roll", "x shift axis", (values) => roll(tensor(values["x"]), values)),
  operation("Moveaxis", "x source destination", ({ x, source, destination }) => {
    const value = tensor(x);
    const at = (list: number[]) => list.map((n) => (n < 0 ? n + value.rank : n));
    const [from, to] = [at(integers(source)), at(integers(destination))];
    const order = value.shape.map((_, i) => i).filter((i) => !from.includes(i));
    [...to]
      .map((place, i) => [place, from[i]!] as const)
      .sort((a, b) => a[0] - b[0])
      .forEach(([place, origin]) => order.splice(place, 0, origin));
    return tf.transpose(value, order);
  }),
  operation("Swapaxes", "x axis1 axis2", (values) => {
    const x = tensor(values["x"]);
    const [a, b] = [axis(values["axis1"], x.rank, 0), axis(values["axis2"], x.rank, 1)];
    return tf.transpose(
      x,
      x.shape.map((_, i) => (i === a ? b : i === b ? a : i)),
    );
  }),
  operation("Rot90", "x k axes", ({ x, array, k, axes: plane }) => {
    const value = tensor(x ?? array);
    const turns = ((number(k, 1) % 4) + 4) % 4;
    const [from, to] = (plane === undefined || plane === null ? [0, 1] : integers(plane)).map((at) =>
      at < 0 ? at + value.rank : at,
    ) as [number, number];
    const order = value.shape.map((_, i) => (i === from ? to : i === to ? from : i));
    if (turns === 0) return tf.clone(value);
    if (turns === 2) return tf.reverse(value, [from, to]);
    return turns === 1
      ? tf.reverse(tf.transpose(value, order), from)
      : tf.transpose(tf.reverse(value, from), order);
  }),
  operation("BroadcastTo", "x shape", ({ x, shape }) => {
    const value = tensor(x);
    const target = integers(shape);
    const gap = target.length - value.rank;
    return broadcastTo(
      value,
      target.map((n, i) => (n < 0 ? (value.shape[i - gap] ?? 1) : n)),
    );
  }),
  operation("Take", "x indices axis", (values) => {
    const given = tensor(values["x"]);
    const flat = values["axis"] === undefined || values["axis"] === null;
    const x = flat ? tf.reshape(given, [-1]) : given;
    const at = flat ? 0 : axis(values["axis"], x.rank, 0);
    return tf.gather(x, fromStart(int(values["indices"]), x.shape[at]!), at);
  }),
  operation("TakeAlongAxis", "x indices axis", (values) => {
    const x = tensor(values["x"]);
    const at = axis(values["axis"], x.rank, -1);
    const order = [...x.shape.map((_, i) => i).filter((i) => i !== at), at];
    const back = x.shape.map((_, i) => order.indexOf(i));
    const turned = tf.transpose(x, order);
    const indices = tf.transpose(fromStart(int(values["indices"]), x.shape[at]!), order);
    const rows = turned.size / x.shape[at]!;
    const width = indices.shape.at(-1)!;
    const base = tf.reshape(tf.mul(tf.range(0, rows, 1, "int32"), x.shape[at]!), [rows, 1]);
    const flat = tf.gather(
      tf.reshape(turned, [-1]),
      tf.add(tf.reshape(indices, [rows, width]), tf.cast(base, "int32")),
    );
    return tf.transpose(tf.reshape(flat, indices.shape), back);
  }),
  operation("OnesLike", "x dtype", ({ x }) => tf.onesLike(tensor(x))),
  operation("ZerosLike", "x dtype", ({ x }) => tf.zerosLike(tensor(x))),
  operation("EmptyLike", "x dtype", ({ x }) => tf.zerosLike(tensor(x))),
  operation("FullLike", "x fill_value", ({ x, fill_value: fill }) =>
    tf.add(tf.zerosLike(float(x)), tensor(fill)),
  ),
  operation("Full", "fill_value shape", ({ fill_value: fill, shape }) =>
    broadcastTo(tensor(fill), integers(shape)),
  ),
  operation("Arange", "start stop step", ({ start, stop, step, dtype }) => {
    const whole = stop === undefined || stop === null;
    const [from, to] = whole ? [0, number(start, 0)] : [number(start, 0), number(stop, 0)];
    return tf.range(from, to, number(step, 1), dtypeOf(dtype ?? "int32") as "int32" | "float32");
  }),
  operation("Tril", "x k", (values) => triangle(values["x"], number(values["k"], 0), true)),
  operation("Triu", "x k", (values) => triangle(values["x"], number(values["k"], 0), false)),
  operation("Diff", "a n axis", (values) => {
    let x = tensor(values["a"] ?? values["x"]);
    const at = axis(values["axis"], x.rank, -1);
    for (let i = 0; i < number(values["n"], 1); i++) {
      const n = x.shape[at]! - 1;
      const part = (from: number) =>
        tf.slice(
          x,
          x.shape.map((_, k) => (k === at ? from : 0)),
          x.shape.map((s, k) => (k === at ? n : s)),
        );
      x = tf.sub(part(1), part(0));
    }
    return x;
  }),
  operation("Diagonal", "x offset axis1 axis2", (values) => diagonal(values["x"], values)),
  operation("Trace", "x offset axis1 axis2", (values) => {
    const y = diagonal(values["x"], values);
    return tf.sum(y, y.rank - 1);
  }),
  operation("Diag", "x k", (values) => {
    const x = tensor(values["x"]);
    if (x.rank === 2) return diagonal(x, { offset: values["k"] });
    const k = number(values["k"], 0);
    const size = x.size + Math.abs(k);
    const cells = Array.from({ length: x.size }, (_, i) => [i + Math.max(-k, 0), i + Math.max(k, 0)]);
    return tf.scatterND(tf.tensor2d(cells, [x.size, 2], "int32"), x, [size, size]);
  }),
  operation("Sort", "x axis", (values) => sorted(values).values),
  operation("Argsort", "x axis", (values) => sorted(values).indices),
  operation("TopK", "x k sorted", ({ x, k }) => {
    const { values, indices } = tf.topk(tensor(x), number(k, 1), true);
    return [values, indices];
  }),
  operation("Digitize", "x bins", ({ x, bins }) =>
    tf.sum(tf.cast(tf.greaterEqual(tf.expandDims(float(x), -1), float(bins)), "int32"), -1),
  ),
  operation("SearchSorted", "sorted_sequence values side", (values) => {
    const bins = float(values["sorted_sequence"]);
    const x = tf.expandDims(float(values["values"]), -1);
    const below = values["side"] === "right" ? tf.greaterEqual(x, bins) : tf.greater(x, bins);
    return tf.sum(tf.cast(below, "int32"), -1);
  }),
  operation("OneHot", "x num_classes axis", hot),
  operation("MultiHot", "inputs num_classes", (values) => {
    const x = int(values["inputs"] ?? values["x"]);
    return tf.max(hot({ ...values, x }), x.rank > 1 ? 1 : 0);
  }),
  operation("Slice", "inputs start_indices shape", ({ inputs, start_indices: start, shape }) =>
    tf.slice(tensor(inputs), integers(start), integers(shape)),
  ),
  operation("Scatter", "indices values shape", ({ indices, values, shape }) =>
    tf.scatterND(int(indices), tensor(values), integers(shape)),
  ),
  operation("ScatterUpdate", "inputs indices updates", ({ inputs, indices, updates }) =>
    tf.tensorScatterUpdate(tensor(inputs), int(indices), tensor(updates, tensor(inputs).dtype)),
  ),
  operation("Ndim", "x", ({ x }) => tf.scalar(tensor(x).rank, "int32")),
  operation("Size", "x", ({ x }) => tf.scalar(tensor(x).size, "int32")),
  operation("Shape", "x", ({ x }) => tf.tensor1d(tensor(x).shape, "int32")),
];

function sameType(list: tf.Tensor[]): tf.Tensor[] {
  const mixed = list.some((x) => x.dtype !== list[0]!.dtype);
  return mixed ? list.map((x) => tf.cast(x, "float32")) : list;
}

function fromStart(indices: tf.Tensor, length: number): tf.Tensor {
  const shift = tf.mul(tf.cast(tf.less(indices, 0), "int32"), tf.scalar(length, "int32"));
  return tf.cast(tf.add(indices, shift), "int32");
}

/** Equal parts, sizes that differ by one, or parts between the given places. */
function split(x: tf.Tensor, where: Parameters<typeof tensor>[0], at: number): tf.Tensor[] {
  const length = x.shape[at]!;
  if (typeof where === "number") {
    const small = Math.floor(length / where);
    const sizes = Array.from({ length: where }, (_, i) => small + (i < length % where ? 1 : 0));
    return tf.split(x, sizes, at);
  }
  const places = [0, ...integers(where).map((n) => Math.min(n < 0 ? n + length : n, length)), length];
  return tf.split(
    x,
    places.slice(1).map((end, i) => Math.max(end - places[i]!, 0)),
    at,
  );
}

function pad(values: Parameters<Operation["compute"]>[0]): tf.Tensor {
  const x = tensor(values["x"]);
  const width = values["pad_width"] ?? values["paddings"];
  const list = Array.isArray(width) ? (width as unknown[]) : [width, width];
  const one = (side: unknown): [number, number] =>
    Array.isArray(side)
      ? [side[0] as number, (side[1] ?? side[0]) as number]
      : [side as number, side as number];
  const nested = list.some((item) => Array.isArray(item));
  const sides = x.shape.map((_, i) => (nested ? one(list.length === 1 ? list[0] : list[i]) : one(list)));
  const mode = values["mode"] ?? "constant";
  if (mode === "reflect" || mode === "symmetric") return mirrorPad(x, sides, mode);
  return tf.pad(x, sides, number(values["constant_values"], 0));
}

function roll(x: tf.Tensor, values: Parameters<Operation["compute"]>[0]): tf.Tensor {
  const shifts = integers(values["shift"]);
  const given = values["axis"];
  if (given === undefined || given === null) {
    const flat = tf.reshape(x, [-1]);
    return tf.reshape(turn(flat, 0, shifts[0]!), x.shape);
  }
  return integers(given).reduce((y, at, i) => turn(y, at < 0 ? at + x.rank : at, shifts[i] ?? shifts[0]!), x);
}

function turn(x: tf.Tensor, at: number, shift: number): tf.Tensor {
  const length = x.shape[at]!;
  const by = ((shift % length) + length) % length;
  if (by === 0) return x;
  const [first, second] = tf.split(x, [length - by, by], at);
  return tf.concat([second!, first!], at);
}

function triangle(value: Parameters<typeof tensor>[0], k: number, lower: boolean): tf.Tensor {
  const x = tensor(value);
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const mask = Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_, j) => (lower ? j - i <= k : j - i >= k)),
  );
  // What lies outside is 0, also where it was infinite.
  return tf.where(tf.tensor2d(mask, [rows, columns], "bool"), x, tf.zerosLike(x));
}

function diagonal(
  value: Parameters<typeof tensor>[0],
  values: Parameters<Operation["compute"]>[0],
): tf.Tensor {
  const x = tensor(value);
  const [a, b] = [axis(values["axis1"], x.rank, 0), axis(values["axis2"], x.rank, 1)];
  const offset = number(values["offset"], 0);
  const others = x.shape.map((_, i) => i).filter((i) => i !== a && i !== b);
  const [rows, columns] = [x.shape[a]!, x.shape[b]!];
  const flat = tf.reshape(tf.transpose(x, [...others, a, b]), [
    ...others.map((i) => x.shape[i]!),
    rows * columns,
  ]);
  const cells: number[] = [];
  for (let i = 0; i < rows; i++)
    if (i + offset >= 0 && i + offset < columns) cells.push(i * columns + i + offset);
  return tf.gather(flat, tf.tensor1d(cells, "int32"), flat.rank - 1);
}

/** Along a new axis, the last unless it is said. */
function hot(values: Parameters<Operation["compute"]>[0]): tf.Tensor {
  const x = int(values["x"]);
  const rows = oneHot(x, number(values["num_classes"], 1));
  const at = axis(values["axis"], rows.rank, -1);
  if (at === rows.rank - 1) return rows;
  const order = rows.shape.map((_, i) => i).slice(0, -1);
  order.splice(at, 0, rows.rank - 1);
  return tf.transpose(rows, order);
}

function sorted(values: Parameters<Operation["compute"]>[0]): { values: tf.Tensor; indices: tf.Tensor } {
  const given = tensor(values["x"]);
  // Kernels that sort know no booleans.
  if (given.dtype === "bool") {
    const { values: found, indices } = sorted({ ...values, x: tf.cast(given, "int32") });
    return { values: tf.cast(found, "bool"), indices };
  }
  const flat = values["axis"] === null || given.rank === 0;
  const x = flat ? tf.reshape(given, [-1]) : given;
  if (flat) return sorted({ ...values, x, axis: 0 });
  const at = axis(values["axis"], x.rank, -1);
  const order = [...x.shape.map((_, i) => i).filter((i) => i !== at), at];
  const back = x.shape.map((_, i) => order.indexOf(i));
  // Ascending: the largest of the negated values come first. The least int32 has no negative.
  const turn = (y: tf.Tensor) => (y.dtype === "int32" ? tf.sub(tf.scalar(-1, "int32"), y) : tf.neg(y));
  const top = tf.topk(turn(tf.transpose(x, order)), x.shape[at]!, true);
  return { values: tf.transpose(turn(top.values), back), indices: tf.transpose(top.indices, back) };
}
