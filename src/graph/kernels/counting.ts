import * as tf from "@tensorflow/tfjs";
import type { GraphValue } from "../value.js";
import type { KernelTable, OpCall } from "../kernel.js";
import { intVector } from "./shape.js";

/** Counting values row by row: `tf.math.bincount` and what category encodings are made of (count_ops.cc). */
export const counting: KernelTable = {
  Bincount: { host: [0, 1, 2], run: (call) => bincount(call, [call.numbers(0)], call.number(1), 2, true) },
  DenseBincount: {
    host: [0, 1, 2],
    run: (call) => bincount(call, denseRows(call, 0), call.number(1), 2, call.shapeOf(0).length < 2),
  },
  SparseBincount: {
    host: "all",
    run: (call) => bincount(call, sparseRows(call, 0, 1, 2), call.number(3), 4, call.numbers(2).length < 2),
  },
  RaggedBincount: { host: "all", run: (call) => bincount(call, raggedRows(call), call.number(2), 3, false) },
  DenseCountSparseOutput: {
    host: "all",
    run: (call) => countSparse(call, denseRows(call, 0), 1, call.shapeOf(0).length < 2),
    outputs: ["output_indices", "output_values", "output_dense_shape"],
  },
  SparseCountSparseOutput: {
    host: "all",
    run: (call) => countSparse(call, sparseRows(call, 0, 1, 2), 3, call.numbers(2).length < 2),
    outputs: ["output_indices", "output_values", "output_dense_shape"],
  },
  RaggedCountSparseOutput: {
    host: "all",
    run: (call) => countSparse(call, raggedRows(call), 2, false),
    outputs: ["output_indices", "output_values", "output_dense_shape"],
  },
};

function denseRows(call: OpCall, input: number): number[][] {
  const shape = call.shapeOf(input);
  const values = call.numbers(input);
  if (shape.length < 2) return [values];
  const width = shape[1]!;
  return Array.from({ length: shape[0]! }, (_, row) => values.slice(row * width, (row + 1) * width));
}

function sparseRows(call: OpCall, indices: number, values: number, shape: number): number[][] {
  const dims = call.numbers(shape);
  const numbers = call.numbers(values);
  if (dims.length < 2) return [numbers];
  const rows = Array.from({ length: call.checkedShape([dims[0]!])[0]! }, (): number[] => []);
  const places = call.numbers(indices);
  numbers.forEach((value, i) => rows[places[i * dims.length]!]?.push(value));
  return rows;
}

function raggedRows(call: OpCall): number[][] {
  const splits = call.numbers(0);
  const values = call.numbers(1);
  return splits.slice(1).map((end, row) => values.slice(splits[row], end));
}

function weightsOf(call: OpCall, input: number): number[] | null {
  const shape = call.shapeOf(input);
  return shape.length > 0 && shape.every((dim) => dim > 0) ? call.numbers(input) : null;
}

/** Counts, or sums of weights, of the values below `size`. */
function bincount(
  call: OpCall,
  rows: readonly (readonly number[])[],
  size: number,
  weightInput: number,
  flat: boolean,
): tf.Tensor {
  const weights = weightsOf(call, weightInput);
  const binary = call.attributes.bool("binary_output");
  call.checkedShape([rows.length, size]);
  const counts = new Float32Array(rows.length * size);
  let next = 0;
  rows.forEach((row, r) => {
    for (const value of row) {
      const weight = weights === null ? 1 : weights[next]!;
      next++;
      if (value < 0) throw call.error("G11", `it counts the negative value ${value}`);
      if (value >= size) continue;
      const at = r * size + value;
      counts[at] = binary ? 1 : counts[at]! + weight;
    }
  });
  const type = elementType(call, weightInput);
  return tf.tensor(counts, flat ? [size] : [rows.length, size], type);
}

/** Counts as a sparse tensor, values in their order. */
function countSparse(
  call: OpCall,
  rows: readonly (readonly number[])[],
  weightInput: number,
  flat: boolean,
): GraphValue[] {
  const { attributes } = call;
  const weights = weightsOf(call, weightInput);
  const [least, most] = [attributes.int("minlength", -1), attributes.int("maxlength", -1)];
  let next = 0;
  let width = Math.max(0, least);
  const counted = rows.map((row) => {
    const counts = new Map<number, number>();
    for (const value of row) {
      const weight = weights === null ? 1 : weights[next]!;
      next++;
      if (value < 0) throw call.error("G11", `it counts the negative value ${value}`);
      if (most >= 0 && value >= most) continue;
      width = Math.max(width, value + 1);
      counts.set(value, attributes.bool("binary_output") ? 1 : (counts.get(value) ?? 0) + weight);
    }
    return [...counts].sort(([a], [b]) => a - b);
  });
  if (most >= 0) width = Math.max(least, most);
  const entries = counted.flatMap((row, r) =>
    row.map(([value, count]) => ({ at: flat ? [value] : [r, value], count })),
  );
  const rank = flat ? 1 : 2;
  const type = elementType(call, weightInput);
  return [
    tf.tensor2d(Int32Array.from(entries.flatMap(({ at }) => at)), [entries.length, rank], "int32"),
    tf.tensor1d(
      entries.map(({ count }) => count),
      type,
    ),
    intVector(flat ? [width] : [rows.length, width]),
  ];
}

function elementType(call: OpCall, input: number): "int32" | "float32" {
  return call.tensor(input).dtype === "int32" ? "int32" : "float32";
}
