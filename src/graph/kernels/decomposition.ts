import * as tf from "@tensorflow/tfjs";
import type { Kernel, KernelTable, OpCall } from "../kernel.js";
import { ComplexTensor, type GraphValue } from "../value.js";
import { complexAt } from "./complex.js";
import {
  cholesky,
  determinant,
  logDeterminant,
  eigenSymmetric,
  inverse,
  qr,
  lu,
  multiplied,
  singularValues,
  solve,
  solveTriangular,
  transposed,
  type Matrix,
} from "../../ops/numerics/dense-matrix.js";
import { logarithm, squareRoot } from "../../ops/numerics/matrix-functions.js";

/** Solutions, inverses and decompositions: on the host, matrix by matrix. */
export const decompositions: KernelTable = {
  MatrixInverse: { host: [0], work: eliminationWork, run: inverses },
  Cholesky: square((a) => cholesky(a)),
  MatrixDeterminant: { host: [0], run: determinants },
  LogMatrixDeterminant: { host: [0], run: logDeterminants, outputs: ["sign", "log_abs_determinant"] },
  MatrixSolve: { host: [0, 1], work: eliminationWork, run: matrixSolve },
  MatrixSolveLs: { host: [0, 1, 2], run: leastSquares },
  TridiagonalSolve: { host: [0, 1], run: tridiagonalSolve },
  TridiagonalMatMul: { run: tridiagonalProduct },
  MatrixTriangularSolve: { host: [0, 1], run: triangularSolve },
  Svd: { host: [0], work: iterationsWork, run: svd, outputs: ["s", "u", "v"] },
  SelfAdjointEigV2: { host: [0], work: iterationsWork, run: eigen, outputs: ["e", "v"] },
  MatrixLogarithm: { host: [0], work: iterationsWork, run: logarithms },
  MatrixSquareRoot: square((a) => squareRoot(a)),
  Lu: { host: [0], run: lowerUpper, outputs: ["lu", "p"] },
  Qr: { host: [0], work: iterationsWork, run: qrDecomposition, outputs: ["q", "r"] },
};

/** Matrices are taken apart on the host, which is slower; some in many rounds. */
function eliminationWork(call: OpCall): number {
  const shape = call.shapeOf(0);
  return shape.reduce((n, dim) => n * dim, 1) * Math.max(...shape.slice(-2)) * 0.25;
}

function iterationsWork(call: OpCall): number {
  return 8 * eliminationWork(call);
}

/**
 * The matrices of the last two dimensions, on the host. For a batch of none one stands that `stacked` leaves out: what
 * comes of it tells the shapes.
 */
function matricesOf(call: OpCall, index: number): Matrix[] {
  const shape = call.shapeOf(index);
  const [rows, columns] = shape.slice(-2) as [number, number];
  const values = call.numbers(index);
  const size = rows * columns;
  if (values.length === 0) return [{ rows, columns, values: diagonalOfOnes(rows, columns) }];
  return Array.from({ length: values.length / size }, (_, m) => ({
    rows,
    columns,
    values: Float64Array.from(values.slice(m * size, (m + 1) * size)),
  }));
}

function diagonalOfOnes(rows: number, columns: number): Float64Array {
  return Float64Array.from({ length: rows * columns }, (_, at) =>
    Math.floor(at / columns) === at % columns ? 1 : 0,
  );
}

/** The values of all matrices of a batch, each after the other. */
function stacked(values: readonly ArrayLike<number>[], shape: readonly number[]): tf.Tensor {
  const all = new Float32Array(shape.reduce((n, dim) => n * dim, 1));
  let at = 0;
  for (const own of values) {
    if (at + own.length > all.length) break;
    all.set(own, at);
    at += own.length;
  }
  return tf.tensor(all, [...shape], "float32");
}

function fromMatrices(batch: readonly number[], matrices: readonly Matrix[]): tf.Tensor {
  const { rows, columns } = matrices[0]!;
  return stacked(
    matrices.map(({ values }) => values),
    [...batch, rows, columns],
  );
}

function batchOf(call: OpCall): readonly number[] {
  return call.shapeOf(0).slice(0, -2);
}

function square(op: (a: Matrix, call: OpCall) => Matrix): Kernel {
  return {
    host: [0],
    run: (call) =>
      fromMatrices(
        batchOf(call),
        matricesOf(call, 0).map((a) => op(a, call)),
      ),
  };
}

function inverses(call: OpCall): GraphValue {
  const adjoint = call.attributes.bool("adjoint");
  if (!(call.value(0) instanceof ComplexTensor))
    return fromMatrices(
      batchOf(call),
      matricesOf(call, 0).map((a) => inverse(adjoint ? transposed(a) : a)),
    );
  return asComplex(
    batchOf(call),
    complexMatrices(call, 0).map((a) => inverse(adjoint ? transposed(a) : a)),
    call.shapeOf(0).at(-1)!,
  );
}

/** TensorFlow has the op for complex matrices only. */
function logarithms(call: OpCall): GraphValue {
  return asComplex(batchOf(call), complexMatrices(call, 0).map(logarithm), call.shapeOf(0).at(-1)!);
}

/** Complex matrices as real ones of twice the size, [[re, -im], [im, re]]: products and inverses agree. */
function complexMatrices(call: OpCall, index: number): Matrix[] {
  const { real, imaginary } = complexAt(call, index);
  const [re, im] = [real.dataSync(), imaginary.dataSync()];
  const [rows, columns] = real.shape.slice(-2) as [number, number];
  const size = rows * columns;
  if (re.length === 0)
    return [{ rows: 2 * rows, columns: 2 * columns, values: diagonalOfOnes(2 * rows, 2 * columns) }];
  return Array.from({ length: re.length / size }, (_, m) => {
    const values = new Float64Array(4 * size);
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++) {
        const [x, y] = [re[m * size + r * columns + c]!, im[m * size + r * columns + c]!];
        values[r * 2 * columns + c] = values[(r + rows) * 2 * columns + columns + c] = x;
        values[r * 2 * columns + columns + c] = -y;
        values[(r + rows) * 2 * columns + c] = y;
      }
    return { rows: 2 * rows, columns: 2 * columns, values };
  });
}

/** Back from matrices of twice the size: their left half holds both parts. */
function asComplex(batch: readonly number[], matrices: readonly Matrix[], columns: number): ComplexTensor {
  const rows = matrices[0]!.rows / 2;
  const half = (from: number): Matrix[] =>
    matrices.map(({ columns: width, values }) => ({
      rows,
      columns,
      values: Float64Array.from({ length: rows * columns }, (_, at) => {
        const [r, c] = [Math.floor(at / columns), at % columns];
        return values[(from + r) * width + c]!;
      }),
    }));
  return new ComplexTensor(fromMatrices(batch, half(0)), fromMatrices(batch, half(rows)));
}

function determinants(call: OpCall): tf.Tensor {
  return stacked(
    matricesOf(call, 0).map((a) => [determinant(a)]),
    batchOf(call),
  );
}

function logDeterminants(call: OpCall): tf.Tensor[] {
  const values = matricesOf(call, 0).map(logDeterminant);
  return (["sign", "logarithm"] as const).map((part) =>
    stacked(
      values.map((value) => [value[part]]),
      batchOf(call),
    ),
  );
}

function matrixSolve(call: OpCall): GraphValue {
  const adjoint = call.attributes.bool("adjoint");
  if (call.value(0) instanceof ComplexTensor) {
    const sides = complexMatrices(call, 1);
    const found = complexMatrices(call, 0).map((a, i) => solve(adjoint ? transposed(a) : a, sides[i]!));
    return asComplex(batchOf(call), found, call.shapeOf(1).at(-1)!);
  }
  const right = matricesOf(call, 1);
  const solved = matricesOf(call, 0).map((a, i) => solve(adjoint ? transposed(a) : a, right[i]!));
  return fromMatrices(batchOf(call), solved);
}

/** The normal equations in double precision, with the regularization on their diagonal. */
function leastSquares(call: OpCall): tf.Tensor {
  const right = matricesOf(call, 1);
  const weight = call.number(2);
  const solved = matricesOf(call, 0).map((a, i) => {
    const turned = transposed(a);
    const wide = a.rows < a.columns;
    const normal = wide ? multiplied(a, turned) : multiplied(turned, a);
    for (let d = 0; d < normal.rows; d++) normal.values[d * normal.rows + d]! += weight;
    return wide ? multiplied(turned, solve(normal, right[i]!)) : solve(normal, multiplied(turned, right[i]!));
  });
  return fromMatrices(batchOf(call), solved);
}

/** Three rows: the diagonals above, on and below the main one. */
function tridiagonalSolve(call: OpCall): tf.Tensor {
  if (call.shapeOf(1).includes(0)) return tf.zeros([...call.shapeOf(1)]);
  const right = matricesOf(call, 1);
  const solved = matricesOf(call, 0).map(({ columns: n, values }, i) => {
    const full = new Float64Array(n * n);
    for (let d = 0; d < n; d++) {
      full[d * n + d] = values[n + d]!;
      if (d + 1 < n) full[d * n + d + 1] = values[d]!;
      if (d > 0) full[d * n + d - 1] = values[2 * n + d]!;
    }
    return solve({ rows: n, columns: n, values: full }, right[i]!);
  });
  return fromMatrices(batchOf(call), solved);
}

function tridiagonalProduct(call: OpCall): tf.Tensor {
  const [above, main, below, x] = call.tensors() as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const rows = x.shape.at(-2)!;
  const shifted = (by: 1 | -1): tf.Tensor => {
    const axis = x.rank - 2;
    const begin = x.shape.map((_, d) => (d === axis && by === 1 ? 1 : 0));
    const kept = tf.slice(
      x,
      begin,
      x.shape.map((dim, d) => (d === axis ? rows - 1 : dim)),
    );
    return tf.pad(
      kept,
      x.shape.map((_, d): [number, number] => (d !== axis ? [0, 0] : by === 1 ? [0, 1] : [1, 0])),
    );
  };
  const column = (diagonal: tf.Tensor): tf.Tensor =>
    tf.reshape(diagonal, [...diagonal.shape.slice(0, -2), rows, 1]);
  return tf.addN([
    tf.mul(column(above), shifted(1)),
    tf.mul(column(main), x),
    tf.mul(column(below), shifted(-1)),
  ]);
}

function triangularSolve(call: OpCall): tf.Tensor {
  const { attributes } = call;
  const [left, right] = [matricesOf(call, 0), matricesOf(call, 1)];
  const batches = [0, 1].map((input) => call.shapeOf(input).slice(0, -2));
  const batch = batches[0]!.length >= batches[1]!.length ? batches[0]! : batches[1]!;
  const solved = Array.from({ length: Math.max(left.length, right.length) }, (_, i) =>
    solveTriangular(
      left[i % left.length]!,
      right[i % right.length]!,
      attributes.bool("lower", true),
      attributes.bool("adjoint"),
    ),
  );
  return fromMatrices(batch, solved);
}

function svd(call: OpCall): tf.Tensor[] {
  const parts = matricesOf(call, 0).map((a) => singularValues(a, call.attributes.bool("full_matrices")));
  const batch = batchOf(call);
  const n = parts[0]!.s.length;
  const s = stacked(
    parts.map((part) => part.s),
    [...batch, n],
  );
  if (!call.attributes.bool("compute_uv", true)) return [s, tf.zeros([0]), tf.zeros([0])];
  return [
    s,
    fromMatrices(
      batch,
      parts.map(({ u }) => u),
    ),
    fromMatrices(
      batch,
      parts.map(({ v }) => v),
    ),
  ];
}

function eigen(call: OpCall): tf.Tensor[] {
  const parts = matricesOf(call, 0).map(eigenSymmetric);
  const batch = batchOf(call);
  const n = parts[0]!.values.length;
  const values = stacked(
    parts.map((part) => part.values),
    [...batch, n],
  );
  return [
    values,
    fromMatrices(
      batch,
      parts.map(({ vectors }) => vectors),
    ),
  ];
}

function qrDecomposition(call: OpCall): tf.Tensor[] {
  const parts = matricesOf(call, 0).map((a) => qr(a, call.attributes.bool("full_matrices")));
  return [
    fromMatrices(
      batchOf(call),
      parts.map(({ q }) => q),
    ),
    fromMatrices(
      batchOf(call),
      parts.map(({ r }) => r),
    ),
  ];
}

function lowerUpper(call: OpCall): tf.Tensor[] {
  const parts = matricesOf(call, 0).map(lu);
  const order = parts.map(({ order: own }) => own);
  return [
    fromMatrices(
      batchOf(call),
      parts.map(({ factors }) => factors),
    ),
    tf.cast(stacked(order, call.shapeOf(0).slice(0, -1)), "int32"),
  ];
}
