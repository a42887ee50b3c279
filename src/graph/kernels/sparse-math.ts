import * as tf from "@tensorflow/tfjs";
import { broadcastTo } from "../../ops/broadcast.js";
import type { Kernel, KernelTable, OpCall } from "../kernel.js";
import type { GraphValue } from "../value.js";
import { intVector } from "./shape.js";
import { elementTexts, textsToTensor } from "./lookup.js";
import { StringTensor } from "../value.js";

/** Arithmetic and set operations on sparse tensors, on the host: they are small where models have them. */
export const sparseMath: KernelTable = {
  SparseAdd: {
    host: "all",
    run: (call) => merged(call, [0, 3], (a, b) => a + b, call.number(6)),
    outputs: ["sum_indices", "sum_values", "sum_shape"],
  },
  SparseSparseMaximum: {
    host: "all",
    run: (call) => merged(call, [0, 3], Math.max, null),
    outputs: ["output_indices", "output_values"],
  },
  SparseSparseMinimum: {
    host: "all",
    run: (call) => merged(call, [0, 3], Math.min, null),
    outputs: ["output_indices", "output_values"],
  },
  SparseTensorDenseAdd: { host: "all", run: addDense },
  SparseDenseCwiseAdd: withDense((a, b) => a + b),
  SparseDenseCwiseMul: withDense((a, b) => a * b),
  SparseDenseCwiseDiv: withDense((a, b) => a / b),
  SparseSoftmax: { host: "all", run: softmax },
  SparseSplit: { host: "all", run: split },
  SparseReduceMax: { host: "all", run: (call) => reduce(call, Math.max) },
  SparseReduceSumSparse: {
    host: "all",
    run: (call) => reduceSparse(call, (a, b) => a + b),
    outputs: ["output_indices", "output_values", "output_shape"],
  },
  SparseReduceMaxSparse: {
    host: "all",
    run: (call) => reduceSparse(call, Math.max),
    outputs: ["output_indices", "output_values", "output_shape"],
  },
  DenseToDenseSetOperation: {
    host: "all",
    run: setOperation,
    outputs: ["result_indices", "result_values", "result_shape"],
  },
  DenseToSparseSetOperation: {
    host: "all",
    run: (call) => setsOf(call, denseSets(call, 0), sparseSets(call, 1)),
    outputs: ["result_indices", "result_values", "result_shape"],
  },
  SparseToSparseSetOperation: {
    host: "all",
    run: (call) => setsOf(call, sparseSets(call, 0), sparseSets(call, 3)),
    outputs: ["result_indices", "result_values", "result_shape"],
  },
  SetSize: { host: "all", run: setSize },
};

interface Entry {
  readonly at: readonly number[];
  readonly value: number;
}

/** A sparse tensor whose indices, values and shape are the inputs from `from` on. */
function entriesOf(call: OpCall, from: number): { entries: Entry[]; shape: number[] } {
  const shape = call.numbers(from + 2);
  const rank = shape.length;
  const flat = call.numbers(from);
  const entries = call
    .numbers(from + 1)
    .map((value, i) => ({ at: flat.slice(i * rank, (i + 1) * rank), value }));
  return { entries, shape };
}

function byPlace(a: Entry, b: Entry): number {
  return a.at.map((at, d) => at - b.at[d]!).find((difference) => difference !== 0) ?? 0;
}

function sparse(entries: readonly Entry[], rank: number, dtype: tf.DataType): tf.Tensor[] {
  return [
    tf.tensor2d(Int32Array.from(entries.flatMap(({ at }) => at)), [entries.length, rank], "int32"),
    tf.tensor1d(
      entries.map(({ value }) => value),
      dtype as "int32",
    ),
  ];
}

/** Entries of both; at places that one lacks, its value counts as 0. */
function merged(
  call: OpCall,
  [first, second]: readonly [number, number],
  combine: (a: number, b: number) => number,
  threshold: number | null,
): GraphValue[] {
  const a = entriesOf(call, first);
  const b = entriesOf(call, second);
  const values = new Map<string, [number, number, readonly number[]]>();
  for (const { at, value } of a.entries) values.set(at.join(), [value, 0, at]);
  for (const { at, value } of b.entries) values.set(at.join(), [values.get(at.join())?.[0] ?? 0, value, at]);
  const entries = [...values.values()]
    .map(([x, y, at]): Entry => ({ at, value: combine(x, y) }))
    .filter(({ value }) => threshold === null || Math.abs(value) >= threshold)
    .sort(byPlace);
  const made = sparse(entries, a.shape.length, call.tensor(first + 1).dtype);
  return threshold === null ? made : [...made, intVector(a.shape)];
}

function placeOf(at: readonly number[], shape: readonly number[]): number {
  return at.reduce((place, index, d) => place * shape[d]! + index, 0);
}

function addDense(call: OpCall): tf.Tensor {
  const { entries, shape } = entriesOf(call, 0);
  const dense = call.numbers(3);
  for (const { at, value } of entries) dense[placeOf(at, shape)]! += value;
  return tf.tensor(dense, shape, call.tensor(3).dtype);
}

/** The values of a sparse tensor combined with a dense one that broadcasts to its shape. */
function withDense(combine: (a: number, b: number) => number): Kernel {
  return {
    host: "all",
    run: (call) => {
      const { entries, shape } = entriesOf(call, 0);
      const dense = broadcastTo(call.tensor(3), shape).dataSync();
      const values = entries.map(({ at, value }) => combine(value, dense[placeOf(at, shape)]!));
      return tf.tensor1d(values, call.tensor(1).dtype as "int32");
    },
  };
}

function softmax(call: OpCall): tf.Tensor {
  const { entries } = entriesOf(call, 0);
  const rows = grouped(entries, (at) => at.slice(0, -1));
  const values = entries.map(({ at, value }) => {
    const row = rows.get(at.slice(0, -1).join())!;
    const most = Math.max(...row.map((entry) => entry.value));
    const sum = row.reduce((total, entry) => total + Math.exp(entry.value - most), 0);
    return Math.exp(value - most) / sum;
  });
  return tf.tensor1d(values, "float32");
}

function grouped(
  entries: readonly Entry[],
  key: (at: readonly number[]) => readonly number[],
): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const name = key(entry.at).join();
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [entry]);
    else group.push(entry);
  }
  return groups;
}

/** Inputs: axis, then the sparse tensor. The first parts are one longer where it does not divide. */
function split(call: OpCall): GraphValue[] {
  const { entries, shape } = entriesOf(call, 1);
  const parts = call.attributes.int("num_split", 1);
  const axis = (call.number(0) + shape.length) % shape.length;
  const [size, longer] = [Math.floor(shape[axis]! / parts), shape[axis]! % parts];
  const starts = Array.from({ length: parts + 1 }, (_, i) => i * size + Math.min(i, longer));
  const made = Array.from({ length: parts }, (_, i) => {
    const [from, to] = [starts[i]!, starts[i + 1]!];
    const own = entries
      .filter(({ at }) => at[axis]! >= from && at[axis]! < to)
      .map(({ at, value }) => ({ at: at.map((index, d) => (d === axis ? index - from : index)), value }));
    const [indices, values] = sparse(own, shape.length, call.tensor(2).dtype) as [tf.Tensor, tf.Tensor];
    return { indices, values, shape: intVector(shape.map((dim, d) => (d === axis ? to - from : dim))) };
  });
  return [
    ...made.map((part) => part.indices),
    ...made.map((part) => part.values),
    ...made.map((part) => part.shape),
  ];
}

function reducedAxes(call: OpCall, rank: number): Set<number> {
  const axes = call.numbers(3);
  return new Set(
    axes.length === 0 ? Array.from({ length: rank }, (_, d) => d) : axes.map((axis) => (axis + rank) % rank),
  );
}

/** Over the entries only: what is not stored counts as 0 where a place has no entry at all. */
function reduce(call: OpCall, combine: (a: number, b: number) => number): tf.Tensor {
  const { entries, shape } = entriesOf(call, 0);
  const axes = reducedAxes(call, shape.length);
  const kept = shape.map((dim, d) => (axes.has(d) ? 1 : dim));
  const out = new Array<number | undefined>(kept.reduce((n, dim) => n * dim, 1)).fill(undefined);
  for (const { at, value } of entries) {
    const place = placeOf(
      at.map((index, d) => (axes.has(d) ? 0 : index)),
      kept,
    );
    const before = out[place];
    out[place] = before === undefined ? value : combine(before, value);
  }
  const result = call.attributes.bool("keep_dims") ? kept : shape.filter((_, d) => !axes.has(d));
  return tf.tensor(
    out.map((value) => value ?? 0),
    result,
    call.tensor(1).dtype,
  );
}

function reduceSparse(call: OpCall, combine: (a: number, b: number) => number): GraphValue[] {
  const { entries, shape } = entriesOf(call, 0);
  const axes = reducedAxes(call, shape.length);
  const keep = call.attributes.bool("keep_dims");
  const keptOf = (at: readonly number[]): number[] =>
    keep ? at.map((index, d) => (axes.has(d) ? 0 : index)) : at.filter((_, d) => !axes.has(d));
  const groups = [...grouped(entries, keptOf).values()];
  const reduced = groups
    .map((group): Entry => ({
      at: keptOf(group[0]!.at),
      value: group.map(({ value }) => value).reduce(combine),
    }))
    .sort(byPlace);
  const result = keep ? shape.map((dim, d) => (axes.has(d) ? 1 : dim)) : shape.filter((_, d) => !axes.has(d));
  return [...sparse(reduced, result.length, call.tensor(1).dtype), intVector(result)];
}

/** Sets in the last dimension of two dense tensors. */
/** The last dimension holds the sets; those before it say which. */
interface Sets {
  readonly batch: readonly number[];
  readonly rows: readonly (readonly string[])[];
}

function denseSets(call: OpCall, input: number): Sets {
  const texts = elementTexts(call, input);
  const shape = call.shapeOf(input);
  const [batch, width] = [shape.slice(0, -1), shape.at(-1)!];
  const count = batch.reduce((n, dim) => n * dim, 1);
  return {
    batch,
    rows: Array.from({ length: count }, (_, row) => texts.slice(row * width, (row + 1) * width)),
  };
}

/** A sparse tensor whose indices, values and shape are the inputs from `from` on. */
function sparseSets(call: OpCall, from: number): Sets {
  const shape = call.numbers(from + 2);
  const batch = shape.slice(0, -1);
  call.checkedShape(batch);
  const rows = Array.from({ length: batch.reduce((n, dim) => n * dim, 1) }, (): string[] => []);
  const flat = call.numbers(from);
  elementTexts(call, from + 1).forEach((text, i) =>
    rows[placeOf(flat.slice(i * shape.length, (i + 1) * shape.length - 1), batch)]?.push(text),
  );
  return { batch, rows };
}

function setOperation(call: OpCall): GraphValue[] {
  return setsOf(call, denseSets(call, 0), denseSets(call, 1));
}

function setsOf(call: OpCall, { batch, rows: a }: Sets, { rows: b }: Sets): GraphValue[] {
  const valuesAt = call.step.op.startsWith("Sparse") ? 1 : 0;
  const isText = call.value(valuesAt) instanceof StringTensor;
  const operation = call.attributes.text("set_operation").toLowerCase();
  const rows = a.map((own, r) => {
    const other = b[r] ?? [];
    const [first, second] = operation === "b-a" ? [other, own] : [own, other];
    const within = new Set(second);
    const made =
      operation === "union"
        ? [...new Set([...first, ...second])]
        : [...new Set(first)].filter((item) => within.has(item) === (operation === "intersection"));
    return made.sort(isText ? undefined : (x, y) => Number(x) - Number(y));
  });
  const entries = rows.flatMap((row, r) => row.map((_, i) => [...unravel(r, batch), i]));
  const widest = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const texts = rows.flat();
  return [
    tf.tensor2d(Int32Array.from(entries.flat()), [entries.length, batch.length + 1], "int32"),
    textsToTensor(texts, [texts.length], isText, call),
    intVector([...batch, widest]),
  ];
}

function unravel(place: number, shape: readonly number[]): number[] {
  let rest = place;
  return shape.reduceRight<number[]>((index, dim) => {
    index.unshift(rest % dim);
    rest = Math.floor(rest / dim);
    return index;
  }, []);
}

function setSize(call: OpCall): tf.Tensor {
  const shape = call.numbers(2);
  const rank = shape.length;
  const texts = elementTexts(call, 1);
  const flat = call.numbers(0);
  const outer = shape.slice(0, -1);
  const sets = Array.from({ length: outer.reduce((n, dim) => n * dim, 1) }, () => new Set<string>());
  texts.forEach((text, i) => sets[placeOf(flat.slice(i * rank, i * rank + rank - 1), outer)]?.add(text));
  return tf.tensor(
    sets.map(({ size }) => size),
    outer,
    "int32",
  );
}
