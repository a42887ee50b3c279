import * as tf from "@tensorflow/tfjs";
import { broadcastTo } from "../../ops/broadcast.js";
import type { KernelResult, KernelTable, OpCall } from "../kernel.js";
import { integersOf, ranked } from "./integers.js";
import { ComplexTensor, StringTensor, WideIntegers, type GraphValue } from "../value.js";
import { broadcastWork } from "../work.js";
import { moveElements } from "./text-shapes.js";
import { intVector } from "./shape.js";

/** Elements chosen by a condition, by their order, or sorted into parts. tensorflow/core/ops/array_ops.cc. */
export const choices: KernelTable = {
  ClipByValue: { run: (call) => tf.minimum(tf.maximum(call.tensor(0), call.tensor(1)), call.tensor(2)) },
  Where: { host: [0], run: where },
  Select: { run: select },
  SelectV2: { work: broadcastWork, run: selectV2 },
  TopK: { run: (call) => topK(call, call.attributes.int("k")), outputs: ["values", "indices"] },
  TopKV2: { host: [1], run: (call) => topK(call, call.number(1)), outputs: ["values", "indices"] },
  ApproxTopK: { run: approximateTopK, outputs: ["values", "indices"] },
  NthElement: {
    host: [1],
    run: (call) => {
      const x = call.tensor(0);
      const { values } = tf.topk(call.attributes.bool("reverse") ? x : tf.neg(x), call.number(1) + 1);
      const nth = tf.reshape(
        tf.slice(values, [...x.shape.slice(0, -1).fill(0), call.number(1)]),
        x.shape.slice(0, -1),
      );
      return call.attributes.bool("reverse") ? nth : tf.neg(nth);
    },
  },
  InTopK: { run: (call) => tf.cast(inTopK(call), "bool"), host: [0, 1] },
  InTopKV2: { run: (call) => tf.cast(inTopK(call), "bool"), host: [0, 1, 2] },
  Unique: { host: [0], run: (call) => unique(call).slice(0, 2), outputs: ["y", "idx"] },
  UniqueV2: { host: [0, 1], run: (call) => unique(call).slice(0, 2), outputs: ["y", "idx"] },
  UniqueWithCounts: { host: [0], run: unique, outputs: ["y", "idx", "count"] },
  UniqueWithCountsV2: { host: [0, 1], run: unique, outputs: ["y", "idx", "count"] },
  ListDiff: { host: [0, 1], run: listDiff, outputs: ["out", "idx"] },
  SetDiff1D: { host: [0, 1], run: listDiff, outputs: ["out", "idx"] },
  Bucketize: { host: [0], run: bucketize },
  LowerBound: { host: [0, 1], run: (call) => search(call, (value, sought) => value < sought) },
  UpperBound: { host: [0, 1], run: (call) => search(call, (value, sought) => value <= sought) },
  SearchSorted: { host: [0, 1], run: (call) => search(call, (value, sought) => value < sought) },
  DynamicPartition: { host: [1], run: dynamicPartition },
  DynamicStitch: { host: "all", run: dynamicStitch },
  ParallelDynamicStitch: { host: "all", run: dynamicStitch },
};

function where(call: OpCall): tf.Tensor {
  const value = call.value(0);
  const shape = call.shapeOf(0);
  const set =
    value instanceof StringTensor
      ? value.values.map(({ length }) => length)
      : value instanceof ComplexTensor
        ? Array.from(tf.add(tf.abs(value.real), tf.abs(value.imaginary)).dataSync())
        : call.numbers(0);
  const rows: number[] = [];
  set.forEach((element, at) => {
    if (!element) return;
    let rest = at;
    const index: number[] = [];
    for (let d = shape.length - 1; d >= 0; d--) {
      index.unshift(rest % shape[d]!);
      rest = Math.floor(rest / shape[d]!);
    }
    rows.push(...index);
  });
  return tf.tensor2d(
    Int32Array.from(rows),
    [shape.length === 0 ? set.filter(Boolean).length : rows.length / shape.length, shape.length],
    "int32",
  );
}

/** The old Select: a vector condition chooses rows. */
function select(call: OpCall): KernelResult {
  const condition = call.tensor(0);
  return moveElements(call, (input) => {
    const [a, b] = [input(1), input(2)];
    const rows = condition.rank === 1 && a.rank > 1;
    const shaped = rows
      ? tf.reshape(condition, [condition.size, ...new Array<number>(a.rank - 1).fill(1)])
      : condition;
    return tf.where(broadcastTo(shaped, a.shape), a, b);
  });
}

function selectV2(call: OpCall): KernelResult {
  const condition = call.tensor(0);
  const [a, b] = [call.value(1), call.value(2)];
  if (!(a instanceof tf.Tensor && b instanceof tf.Tensor)) {
    const shape = tf.backend_util.assertAndGetBroadcastShape([...call.shapeOf(1)], [...call.shapeOf(2)]);
    const full = tf.backend_util.assertAndGetBroadcastShape(condition.shape, shape);
    return moveElements(call, (input) =>
      tf.where(broadcastTo(condition, full), broadcastTo(input(1), full), broadcastTo(input(2), full)),
    );
  }
  return tf.where(condition, call.tensor(1), call.tensor(2));
}

function topK(call: OpCall, k: number): GraphValue[] {
  const x = call.value(0);
  const sorted = call.attributes.bool("sorted", true);
  if (!(x instanceof WideIntegers)) {
    const { values, indices } = tf.topk(call.tensor(0), k, sorted);
    return [values, indices];
  }
  const { ranks, inOrder } = ranked(x);
  const { values, indices } = tf.topk(ranks, k, sorted);
  const top = Array.from(values.dataSync(), (rank) => inOrder[rank]!);
  return [integersOf(top, values.shape), indices];
}

/** The exact ones, as TensorFlow's own kernel for processors gives them, along any axis. */
function approximateTopK(call: OpCall): tf.Tensor[] {
  const { attributes } = call;
  const x = call.tensor(0);
  const axis = (attributes.int("reduction_dimension", -1) + x.rank) % x.rank;
  const order = [...x.shape.keys()].filter((d) => d !== axis);
  const largest = attributes.bool("is_max_k", true);
  const moved = tf.transpose(largest ? x : tf.neg(x), [...order, axis]);
  const { values, indices } = tf.topk(moved, attributes.int("k"));
  const back = [...order.keys()];
  back.splice(axis, 0, x.rank - 1);
  return [tf.transpose(largest ? values : tf.neg(values), back), tf.transpose(indices, back)];
}

function inTopK(call: OpCall): tf.Tensor {
  const predictions = call.tensor(0);
  const classes = predictions.shape[1]!;
  const values = predictions.dataSync();
  const k = call.count > 2 ? call.number(2) : call.attributes.int("k");
  const hits = call.numbers(1).map((target, row) => {
    const scores = values.subarray(row * classes, (row + 1) * classes);
    // in_topk_op.h: of a class that there is not, and among scores that are not finite, nothing is in front.
    if (target < 0 || target >= classes || !scores.every(Number.isFinite)) return 0;
    const better = scores.filter((score) => score > scores[target]!).length;
    return better < k ? 1 : 0;
  });
  return tf.tensor1d(hits, "int32");
}

function unique(call: OpCall): GraphValue[] {
  const value = call.value(0);
  const shape = call.shapeOf(0);
  const axis = call.step.op.endsWith("V2") && call.shapeOf(1)[0] === 1 ? call.number(1) : 0;
  const along = (axis + shape.length) % Math.max(1, shape.length);
  const length = shape[along] ?? 1;
  const inner = shape.slice(along + 1).reduce((n, dim) => n * dim, 1);
  const elements: (string | number)[] =
    value instanceof StringTensor
      ? value.values.map((bytes) => Buffer.from(bytes).toString("latin1"))
      : value instanceof WideIntegers
        ? value.values.map(String)
        : call.numbers(0);
  // Rows are the same when all that they hold along the axis is.
  const keys =
    elements.length === length
      ? elements
      : Array.from({ length }, (_, at) =>
          elements.filter((_, i) => Math.floor(i / inner) % length === at).join("\u0000"),
        );
  const places = new Map<string | number, number>();
  const first: number[] = [];
  const counts: number[] = [];
  const ids = keys.map((key, i) => {
    let place = places.get(key);
    if (place === undefined) {
      places.set(key, (place = places.size));
      first.push(i);
      counts.push(0);
    }
    counts[place]!++;
    return place;
  });
  const chosen = moveElements(call, (input) => tf.gather(input(0), tf.tensor1d(first, "int32"), along));
  return [chosen as GraphValue, intVector(ids), intVector(counts)];
}

function listDiff(call: OpCall): GraphValue[] {
  const textOf = (index: number): string[] => {
    const value = call.value(index);
    if (value instanceof StringTensor) return value.text();
    return (value instanceof WideIntegers ? value.values : call.numbers(index)).map(String);
  };
  const without = new Set(textOf(1));
  const kept = textOf(0).flatMap((key, i) => (without.has(key) ? [] : [i]));
  const out = moveElements(call, (input) => tf.gather(input(0), tf.tensor1d(kept, "int32")));
  return [out as GraphValue, intVector(kept)];
}

function bucketize(call: OpCall): tf.Tensor {
  const boundaries = call.attributes.floats("boundaries");
  const buckets = call.numbers(0).map((value) => countWhile(boundaries, (edge) => edge <= value));
  return tf.tensor(buckets, [...call.shapeOf(0)], "int32");
}

/** Rows of sorted sequences: how many of each row come before each sought value. */
function search(call: OpCall, before: (value: number, sought: number) => boolean): tf.Tensor {
  const [rows, columns] = call.shapeOf(0) as [number, number];
  const sought = call.shapeOf(1)[1]!;
  const sorted = call.numbers(0);
  const found = call.numbers(1).map((value, i) => {
    const row = Math.floor(i / sought);
    return countWhile(sorted.slice(row * columns, (row + 1) * columns), (element) => before(element, value));
  });
  return tf.tensor2d(found, [rows, sought], "int32");
}

function countWhile(sorted: readonly number[], holds: (value: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function dynamicPartition(call: OpCall): KernelResult {
  const partitions = call.numbers(1);
  const rank = call.shapeOf(1).length;
  return moveElements(call, (input) => {
    const rows = tf.reshape(input(0), [partitions.length, ...input(0).shape.slice(rank)]);
    return Array.from({ length: call.attributes.int("num_partitions") }, (_, p) => {
      const members = partitions.flatMap((partition, i) => (partition === p ? [i] : []));
      return tf.gather(rows, tf.tensor1d(members, "int32"));
    });
  });
}

function dynamicStitch(call: OpCall): KernelResult {
  const n = call.count / 2;
  const indices = Array.from({ length: n }, (_, i) => call.numbers(i));
  const rank = call.shapeOf(0).length;
  const size = Math.max(-1, ...indices.flat()) + 1;
  // The last row written to a place wins.
  const source = new Int32Array(size);
  indices.flat().forEach((place, row) => (source[place] = row));
  return moveElements(call, (input) => {
    const rows = indices.map((list, i) =>
      tf.reshape(input(n + i), [
        list.length,
        ...input(n + i).shape.slice(i === 0 ? rank : call.shapeOf(i).length),
      ]),
    );
    return tf.gather(tf.concat(rows, 0), tf.tensor1d(source, "int32"));
  });
}
