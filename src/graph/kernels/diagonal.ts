import * as tf from "@tensorflow/tfjs";
import { broadcastTo } from "../../ops/broadcast.js";
import type { KernelResult, KernelTable, OpCall } from "../kernel.js";
import { intVector } from "./shape.js";
import { moveElements } from "./text-shapes.js";

/** Diagonals of matrices, one or a band of them (tensorflow/core/kernels/matrix_diag_op.cc). */
export const diagonal: KernelTable = {
  Diag: { run: outerDiagonal },
  DiagPart: { run: outerDiagonalPart },
  MatrixDiag: { run: (call) => matrixDiag(call, 0, 0, null, "LEFT_LEFT") },
  MatrixDiagV2: { host: [1, 2, 3, 4], run: (call) => withBounds(call, 1, matrixDiag) },
  MatrixDiagV3: { host: [1, 2, 3, 4], run: (call) => withBounds(call, 1, matrixDiag) },
  MatrixDiagPart: { run: (call) => diagPart(call, 0, 0, "LEFT_LEFT") },
  MatrixDiagPartV2: {
    host: [1, 2],
    run: (call) => withBounds(call, 1, (_, low, high, __, align) => diagPart(call, low, high, align)),
  },
  MatrixDiagPartV3: {
    host: [1, 2],
    run: (call) => withBounds(call, 1, (_, low, high, __, align) => diagPart(call, low, high, align)),
  },
  MatrixSetDiag: { run: (call) => setDiag(call, 0, 0, "LEFT_LEFT") },
  MatrixSetDiagV2: {
    host: [2],
    run: (call) => withBounds(call, 2, (_, low, high, __, align) => setDiag(call, low, high, align)),
  },
  MatrixSetDiagV3: {
    host: [2],
    run: (call) => withBounds(call, 2, (_, low, high, __, align) => setDiag(call, low, high, align)),
  },
};

/** Which side short diagonals of a band are pushed to, above and below the main one: `RIGHT_LEFT`. */
type Align = string;

function withBounds(
  call: OpCall,
  input: number,
  run: (call: OpCall, low: number, high: number, size: number | null, align: Align) => KernelResult,
): KernelResult {
  const bounds = call.numbers(input);
  const align = call.step.op.endsWith("V3") ? call.attributes.text("align", "RIGHT_LEFT") : "LEFT_LEFT";
  return run(call, bounds[0]!, bounds[1] ?? bounds[0]!, input, align);
}

/**
 * For each place of a band its place in a matrix as `row * columns + column`, or -1: one row for each diagonal, the
 * uppermost first.
 */
function bandPlaces(rows: number, columns: number, low: number, high: number, align: Align): number[][] {
  const length = (k: number): number => Math.min(rows + Math.min(k, 0), columns - Math.max(k, 0));
  const width = Math.max(0, ...Array.from({ length: high - low + 1 }, (_, i) => length(low + i)));
  return Array.from({ length: high - low + 1 }, (_, i) => {
    const k = high - i;
    const right = k > 0 ? align.startsWith("RIGHT") : align.endsWith("RIGHT") && k < 0;
    const offset = right ? width - length(k) : 0;
    return Array.from({ length: width }, (_, at) => {
      const n = at - offset;
      if (n < 0 || n >= length(k)) return -1;
      return (n + Math.max(0, -k)) * columns + n + Math.max(0, k);
    });
  });
}

/** Gathers from rows of `pool`, where place -1 stands for the padding behind each row. */
function gatherPadded(flat: tf.Tensor, padding: tf.Tensor, places: readonly number[]): tf.Tensor {
  const [batch, width] = flat.shape as [number, number];
  const pool = tf.concat([flat, broadcastTo(tf.reshape(padding, [1, 1]), [batch, 1])], 1);
  const from = Int32Array.from(places, (place) => (place < 0 ? width : place));
  return tf.gather(pool, tf.tensor1d(from, "int32"), 1);
}

function diagPart(call: OpCall, low: number, high: number, align: Align): KernelResult {
  return moveElements(call, (input) => {
    const x = input(0);
    const [rows, columns] = x.shape.slice(-2) as [number, number];
    const places = bandPlaces(rows, columns, low, high, align);
    const padding = call.count > 2 ? input(2) : tf.zeros([], x.dtype);
    const batch = x.shape.slice(0, -2);
    const matrices = batch.reduce((n, dim) => n * dim, 1);
    const taken = gatherPadded(tf.reshape(x, [matrices, rows * columns]), padding, places.flat());
    const width = places[0]?.length ?? 0;
    return tf.reshape(taken, low === high ? [...batch, width] : [...batch, places.length, width]);
  });
}

/** Where the elements of a matrix come from: a band of diagonals, or -1. */
function sources(rows: number, columns: number, low: number, high: number, align: Align): Int32Array {
  const from = new Int32Array(rows * columns).fill(-1);
  bandPlaces(rows, columns, low, high, align)
    .flat()
    .forEach((place, at) => {
      if (place >= 0) from[place] = at;
    });
  return from;
}

function matrixDiag(
  call: OpCall,
  low: number,
  high: number,
  bounds: number | null,
  align: Align,
): KernelResult {
  return moveElements(call, (input) => {
    const x = input(0);
    const width = x.shape.at(-1)!;
    const asked = bounds === null ? [-1, -1] : [call.number(bounds + 1), call.number(bounds + 2)];
    // Without both sizes the smallest square that holds the diagonals; with one, the smallest other.
    const [rows, columns] = [width + Math.max(0, -high), width + Math.max(0, low)];
    const side = Math.max(rows, columns);
    const [askedRows, askedColumns] = asked as [number, number];
    const shape = call.checkedShape(
      askedRows < 0 && askedColumns < 0
        ? [side, side]
        : [askedRows < 0 ? rows : askedRows, askedColumns < 0 ? columns : askedColumns],
    ) as [number, number];
    const batch = x.shape.slice(0, low === high ? -1 : -2);
    const padding = call.count > 4 ? input(4) : tf.zeros([], x.dtype);
    const flat = tf.reshape(x, [
      batch.reduce((n, dim) => n * dim, 1),
      x.shape.slice(batch.length).reduce((n, dim) => n * dim, 1),
    ]);
    const made = gatherPadded(flat, padding, Array.from(sources(...shape, low, high, align)));
    return tf.reshape(made, [...batch, ...shape]);
  });
}

function setDiag(call: OpCall, low: number, high: number, align: Align): KernelResult {
  return moveElements(call, (input) => {
    const x = input(0);
    const [rows, columns] = x.shape.slice(-2) as [number, number];
    const matrices = x.shape.slice(0, -2).reduce((n, dim) => n * dim, 1);
    const flat = tf.reshape(x, [matrices, rows * columns]);
    const from = sources(rows, columns, low, high, align);
    const start = bandPlaces(rows, columns, low, high, align).flat().length;
    const band = tf.reshape(input(1), [matrices, start]);
    const places = Int32Array.from(from, (place, at) => (place < 0 ? start + at : place));
    return tf.reshape(tf.gather(tf.concat([band, flat], 1), tf.tensor1d(places, "int32"), 1), x.shape);
  });
}

/** A tensor of twice the rank that holds the elements where both halves of the index agree. */
function outerDiagonal(call: OpCall): KernelResult {
  return moveElements(call, (input) => {
    const x = tf.reshape(input(0), [-1]);
    call.checkedShape([x.size, x.size]);
    const same = tf.equal(
      tf.reshape(tf.range(0, x.size, 1, "int32"), [-1, 1]),
      intVector([...Array(x.size).keys()]),
    );
    const made = tf.where(same, tf.reshape(x, [1, -1]), tf.zeros([1, 1], x.dtype));
    return tf.reshape(made, [...input(0).shape, ...input(0).shape]);
  });
}

function outerDiagonalPart(call: OpCall): KernelResult {
  return moveElements(call, (input) => {
    const x = input(0);
    const half = x.shape.slice(0, x.rank / 2);
    const size = half.reduce((n, dim) => n * dim, 1);
    const places = Int32Array.from({ length: size }, (_, i) => i * (size + 1));
    return tf.reshape(tf.gather(tf.reshape(x, [-1]), tf.tensor1d(places, "int32")), half);
  });
}
