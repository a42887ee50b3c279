import * as tf from "@tensorflow/tfjs";
import type { KernelResult, KernelTable, OpCall } from "../kernel.js";
import type { GraphValue } from "../value.js";
import { intVector } from "./shape.js";
import { moveElements } from "./text-shapes.js";

/** Sparse tensors (indices, values, shape) and ragged ones (values, row splits). */
export const sparse: KernelTable = {
  SparseToDense: { host: [0, 1], run: (call) => toDense(call, call.numbers(0), call.numbers(1), 2, 3) },
  SparseReshape: { host: [0, 1, 2], run: reshapeSparse, outputs: ["output_indices", "output_shape"] },
  SparseFillEmptyRows: {
    host: [0, 2],
    run: fillEmptyRows,
    outputs: ["output_indices", "output_values", "empty_row_indicator", "reverse_index_map"],
  },
  SparseReorder: { host: [0], run: reorder, outputs: ["output_indices", "output_values"] },
  SparseTensorDenseMatMul: { host: [0, 2], run: sparseMatMul },
  SparseReduceSum: { host: [0, 2, 3], run: reduceSum },
  SparseConcat: {
    host: "all",
    run: concatSparse,
    outputs: ["output_indices", "output_values", "output_shape"],
  },
  SparseSlice: {
    host: [0, 2, 3, 4],
    run: sliceSparse,
    outputs: ["output_indices", "output_values", "output_shape"],
  },
  RaggedTensorToTensor: { host: "all", run: raggedToTensor },
  RaggedTensorToSparse: {
    host: "all",
    run: raggedToSparse,
    outputs: ["sparse_indices", "sparse_values", "sparse_dense_shape"],
  },
  RaggedRange: { host: [0, 1, 2], run: raggedRange, outputs: ["rt_nested_splits", "rt_dense_values"] },
  RaggedGather: { host: "all", run: raggedGather, outputs: ["output_nested_splits", "output_dense_values"] },
  RaggedFillEmptyRows: {
    host: [0, 2],
    run: fillEmptyRagged,
    outputs: ["output_value_rowids", "output_values", "empty_row_indicator", "reverse_index_map"],
  },
};

/** Writes values at places of a tensor that holds a default elsewhere. */
function toDense(
  call: OpCall,
  indices: readonly number[],
  shape: readonly number[],
  values: number,
  fallback: number,
): KernelResult {
  const dims = call.checkedShape(shape);
  const size = dims.reduce((n, dim) => n * dim, 1);
  const rank = dims.length;
  const count = call.shapeOf(values).length === 0 ? null : call.shapeOf(values)[0]!;
  const places = count ?? Math.floor(indices.length / Math.max(1, rank));
  const source = new Int32Array(size).fill(0);
  for (let i = 0; i < places; i++) {
    let at = 0;
    for (let d = 0; d < rank; d++) at = at * dims[d]! + indices[i * rank + d]!;
    source[at] = count === null ? 1 : i + 1;
  }
  return moveElements(call, (input) => {
    const pool = tf.concat([tf.reshape(input(fallback), [1]), tf.reshape(input(values), [-1])]);
    return tf.reshape(tf.gather(pool, tf.tensor1d(source, "int32")), dims);
  });
}

function reshapeSparse(call: OpCall): GraphValue[] {
  const from = call.numbers(1);
  const total = from.reduce((n, dim) => n * dim, 1);
  const asked = call.numbers(2);
  const known = asked.reduce((n, dim) => (dim < 0 ? n : n * dim), 1);
  const to = asked.map((dim) => (dim < 0 ? total / known : dim));
  const indices = rowsOf(call.numbers(0), from.length).flatMap((row) => {
    let flat = row.reduce((at, index, d) => at * from[d]! + index, 0);
    return to.reduceRight<number[]>((out, dim) => {
      out.unshift(flat % dim);
      flat = Math.floor(flat / dim);
      return out;
    }, []);
  });
  return [indexTensor(indices, to.length), intVector(to)];
}

function rowsOf(flat: readonly number[], width: number): number[][] {
  return Array.from({ length: width === 0 ? 0 : flat.length / width }, (_, i) =>
    flat.slice(i * width, (i + 1) * width),
  );
}

function indexTensor(flat: readonly number[], width: number): tf.Tensor {
  return tf.tensor2d(Int32Array.from(flat), [width === 0 ? 0 : flat.length / width, width], "int32");
}

function fillEmptyRows(call: OpCall): GraphValue[] {
  const shape = call.numbers(2);
  const width = shape.length;
  const rows = rowsOf(call.numbers(0), width);
  const byRow = Array.from({ length: call.checkedShape([shape[0]!])[0]! }, (): number[] => []);
  rows.forEach(([row = 0], i) => byRow[row]?.push(i));
  const order: number[] = [];
  const reverse: number[] = [];
  const indices = byRow.flatMap((members, row) => {
    if (members.length === 0) {
      order.push(rows.length);
      return [row, ...new Array<number>(width - 1).fill(0)];
    }
    return members.flatMap((i) => {
      reverse[i] = order.length;
      order.push(i);
      return rows[i]!;
    });
  });
  const values = moveElements(call, (input) =>
    tf.gather(tf.concat([input(1), tf.reshape(input(3), [1])]), tf.tensor1d(order, "int32")),
  ) as GraphValue;
  const empty = tf.tensor1d(
    byRow.map((members) => members.length === 0),
    "bool",
  );
  return [indexTensor(indices, width), values, empty, intVector(reverse)];
}

function fillEmptyRagged(call: OpCall): GraphValue[] {
  const ids = call.numbers(0);
  const rows = call.checkedShape([call.number(2)])[0]!;
  const members = Array.from({ length: rows }, (): number[] => []);
  ids.forEach((row, i) => members[row]?.push(i));
  const reverse: number[] = [];
  let next = 0;
  const order = members.flatMap((own) => {
    for (const i of own) reverse[i] = next++;
    if (own.length === 0) next++;
    return own.length === 0 ? [ids.length] : own;
  });
  const values = moveElements(call, (input) =>
    tf.gather(tf.concat([input(1), tf.reshape(input(3), [1])]), tf.tensor1d(order, "int32")),
  ) as GraphValue;
  const filled = members.flatMap((own, row) => (own.length === 0 ? [row] : own.map(() => row)));
  const empty = tf.tensor1d(
    members.map((own) => own.length === 0),
    "bool",
  );
  return [intVector(filled), values, empty, intVector(reverse)];
}

function reorder(call: OpCall): GraphValue[] {
  const width = call.shapeOf(0)[1]!;
  const rows = rowsOf(call.numbers(0), width).map((row, i) => ({ row, i }));
  rows.sort((a, b) => a.row.map((index, d) => index - b.row[d]!).find((difference) => difference !== 0) ?? 0);
  const order = rows.map(({ i }) => i);
  const values = moveElements(call, (input) =>
    tf.gather(input(1), tf.tensor1d(order, "int32")),
  ) as GraphValue;
  return [
    indexTensor(
      rows.flatMap(({ row }) => row),
      width,
    ),
    values,
  ];
}

function sparseMatMul(call: OpCall): tf.Tensor {
  const [rows, columns] = call.numbers(2) as [number, number];
  const dense = toDenseNumbers(call, call.numbers(0), [rows, columns], call.tensor(1).dataSync());
  const { attributes } = call;
  return tf.matMul(dense, call.tensor(3), attributes.bool("adjoint_a"), attributes.bool("adjoint_b"));
}

function toDenseNumbers(
  call: OpCall,
  indices: readonly number[],
  shape: readonly number[],
  values: ArrayLike<number>,
): tf.Tensor {
  const dims = call.checkedShape(shape);
  const out = new Float32Array(dims.reduce((n, dim) => n * dim, 1));
  rowsOf(indices, dims.length).forEach((row, i) => {
    out[row.reduce((at, index, d) => at * dims[d]! + index, 0)]! += values[i]!;
  });
  return tf.tensor(out, dims);
}

function reduceSum(call: OpCall): tf.Tensor {
  const dense = toDenseNumbers(call, call.numbers(0), call.numbers(2), call.tensor(1).dataSync());
  return tf.sum(dense, call.numbers(3), call.attributes.bool("keep_dims"));
}

function concatSparse(call: OpCall): GraphValue[] {
  const n = call.attributes.int("N");
  const shapes = Array.from({ length: n }, (_, i) => call.numbers(2 * n + i));
  const rank = shapes[0]!.length;
  const axis = (call.attributes.int("concat_dim") + rank) % rank;
  let offset = 0;
  const rows = shapes.flatMap((shape, i) => {
    const moved = rowsOf(call.numbers(i), rank).map((row) =>
      row.map((at, d) => (d === axis ? at + offset : at)),
    );
    offset += shape[axis]!;
    return moved;
  });
  const order = rows.map((row, i) => ({ row, i }));
  order.sort((a, b) => a.row.map((at, d) => at - b.row[d]!).find((difference) => difference !== 0) ?? 0);
  const values = moveElements(call, (input) =>
    tf.gather(
      tf.concat(Array.from({ length: n }, (_, i) => input(n + i))),
      tf.tensor1d(
        order.map(({ i }) => i),
        "int32",
      ),
    ),
  ) as GraphValue;
  const shape = shapes[0]!.map((dim, d) => (d === axis ? offset : dim));
  return [
    indexTensor(
      order.flatMap(({ row }) => row),
      rank,
    ),
    values,
    intVector(shape),
  ];
}

function sliceSparse(call: OpCall): GraphValue[] {
  const shape = call.numbers(2);
  const [start, size] = [call.numbers(3), call.numbers(4)];
  const kept = rowsOf(call.numbers(0), shape.length)
    .map((row, i) => ({ row: row.map((at, d) => at - start[d]!), i }))
    .filter(({ row }) => row.every((at, d) => at >= 0 && at < size[d]!));
  const values = moveElements(call, (input) =>
    tf.gather(
      input(1),
      tf.tensor1d(
        kept.map(({ i }) => i),
        "int32",
      ),
    ),
  ) as GraphValue;
  const cut = shape.map((dim, d) => Math.max(0, Math.min(size[d]!, dim - start[d]!)));
  return [
    indexTensor(
      kept.flatMap(({ row }) => row),
      shape.length,
    ),
    values,
    intVector(cut),
  ];
}

/** Row lengths per partition level, from what each level is given as. */
function rowLengths(call: OpCall, index: number, kind: string, rows: number): number[] {
  const values = call.numbers(index);
  if (kind === "ROW_SPLITS") return values.slice(1).map((end, i) => end - values[i]!);
  if (kind === "ROW_LENGTHS") return values;
  const lengths = new Array<number>(rows).fill(0);
  for (const row of values) lengths[row]!++;
  return lengths;
}

/** Ragged rows padded with a default to a tensor (ragged_tensor_to_tensor_op.cc). */
function raggedToTensor(call: OpCall): KernelResult {
  const asked = call.numbers(0);
  const kinds = call.attributes.texts("row_partition_types");
  const partitions = kinds.map((kind, i) => ({ kind, input: 3 + i }));
  const first = partitions[0];
  const known = first?.kind === "FIRST_DIM_SIZE" ? call.number(first.input) : null;
  const levels = first?.kind === "FIRST_DIM_SIZE" ? partitions.slice(1) : partitions;
  let rows = known ?? 0;
  const lengths = levels.map(({ kind, input }, i) => {
    const own = rowLengths(call, input, kind, i === 0 && known === null ? asked[0]! : rows);
    if (i === 0 && known === null) rows = own.length;
    rows = own.reduce((sum, length) => sum + length, 0);
    return own;
  });
  const inner = call.shapeOf(1).slice(1);
  const outer = known ?? lengths[0]?.length ?? 0;
  const ragged = lengths.map((own) => own.reduce((most, length) => Math.max(most, length), 0));
  const natural = [outer, ...ragged, ...inner];
  const shape = call.checkedShape(natural.map((dim, d) => ((asked[d] ?? -1) < 0 ? dim : asked[d]!)));
  const innerSize = shape.slice(lengths.length + 1).reduce((n, dim) => n * dim, 1);
  const source = new Int32Array(shape.reduce((n, dim) => n * dim, 1));
  placeRows(source, shape, lengths, innerSize, outer);
  return moveElements(call, (input) => {
    const fallback = tf.reshape(input(2), [-1]).slice(0, 1);
    const pool = tf.concat([fallback, tf.reshape(input(1), [-1])]);
    return tf.reshape(tf.gather(pool, tf.tensor1d(source, "int32")), shape);
  });
}

/** Fills `source` with 1 + the number of the flat value that belongs at each place; 0 is the default. */
function placeRows(
  source: Int32Array,
  shape: readonly number[],
  lengths: readonly (readonly number[])[],
  innerSize: number,
  outer: number,
): void {
  const next = lengths.map(() => 0);
  let value = 0;
  const strides = shape.map((_, d) => shape.slice(d + 1).reduce((n, dim) => n * dim, 1));
  const visit = (level: number, at: number, inside: boolean): void => {
    if (level === lengths.length) {
      if (inside) for (let i = 0; i < innerSize; i++) source[at + i] = 1 + value * innerSize + i;
      value++;
      return;
    }
    const length = lengths[level]![next[level]!++] ?? 0;
    for (let i = 0; i < length; i++) {
      visit(level + 1, at + i * strides[level + 1]!, inside && i < shape[level + 1]!);
    }
  };
  for (let row = 0; row < outer; row++) visit(0, row * strides[0]!, row < shape[0]!);
}

function raggedToSparse(call: OpCall): GraphValue[] {
  const depth = call.count - 1;
  const levels = Array.from({ length: depth }, (_, i) => call.numbers(i));
  const innerShape = call.shapeOf(depth).slice(1);
  const indices: number[] = [];
  const widest = levels.map(() => 0);
  const visit = (level: number, row: number, path: number[]): void => {
    if (level === depth) {
      eachIndex(innerShape, (inner) => indices.push(...path, ...inner));
      return;
    }
    const [start, end] = [levels[level]![row]!, levels[level]![row + 1]!];
    widest[level] = Math.max(widest[level]!, end - start);
    for (let i = start; i < end; i++) visit(level + 1, i, [...path, i - start]);
  };
  const rows = levels[0]!.length - 1;
  for (let row = 0; row < rows; row++) visit(0, row, [row]);
  const values = moveElements(call, (input) => tf.reshape(input(depth), [-1])) as GraphValue;
  return [
    indexTensor(indices, depth + 1 + innerShape.length),
    values,
    intVector([rows, ...widest, ...innerShape]),
  ];
}

function eachIndex(shape: readonly number[], use: (index: number[]) => void): void {
  const size = shape.reduce((n, dim) => n * dim, 1);
  for (let i = 0; i < size; i++) {
    let rest = i;
    const index = new Array<number>(shape.length).fill(0);
    for (let d = shape.length - 1; d >= 0; d--) {
      index[d] = rest % shape[d]!;
      rest = Math.floor(rest / shape[d]!);
    }
    use(index);
  }
}

function raggedRange(call: OpCall): GraphValue[] {
  const [starts, limits, deltas] = [call.numbers(0), call.numbers(1), call.numbers(2)];
  const count = Math.max(starts.length, limits.length, deltas.length);
  const at = (list: readonly number[], i: number): number => (list.length === 1 ? list[0]! : list[i]!);
  const splits = [0];
  const values: number[] = [];
  for (let i = 0; i < count; i++) {
    const delta = at(deltas, i);
    const length = Math.max(0, Math.ceil((at(limits, i) - at(starts, i)) / delta));
    call.checkedShape([values.length + length]);
    for (let k = 0; k < length; k++) values.push(at(starts, i) + k * delta);
    splits.push(values.length);
  }
  return [intVector(splits), tf.tensor1d(values, call.tensor(0).dtype as "int32")];
}

function raggedGather(call: OpCall): GraphValue[] {
  const depth = call.attributes.int("PARAMS_RAGGED_RANK", 1);
  const levels = Array.from({ length: depth }, (_, i) => call.numbers(i));
  let ranges = call.numbers(depth + 1).map((row): [number, number] => [row, row + 1]);
  const splits = levels.map((level) => {
    const ends = [0];
    const inner: [number, number][] = [];
    for (const [from, to] of ranges) {
      for (let row = from; row < to; row++) {
        inner.push([level[row]!, level[row + 1]!]);
        ends.push(ends.at(-1)! + level[row + 1]! - level[row]!);
      }
    }
    ranges = inner;
    return intVector(ends);
  });
  const chosen = ranges.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i));
  const values = moveElements(call, (input) =>
    tf.gather(input(depth), tf.tensor1d(chosen, "int32")),
  ) as GraphValue;
  return [...splits, values];
}

/** One variant holds the splits and values of the whole; unbatched rows are not made. */
