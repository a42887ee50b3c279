import * as tf from "@tensorflow/tfjs";
import { broadcastTo } from "./broadcast.js";
import {
  cholesky,
  determinant,
  eigenSymmetric,
  inverse,
  lu,
  qr,
  singularValues,
  solve,
  solveTriangular,
  transposed,
  type Matrix,
} from "./numerics/dense-matrix.js";
import { operation, type Operation } from "./operation.js";
import { float, number } from "./values.js";
import { withoutSamples } from "./without-samples.js";

/** The singular values of matrices [..., rows, columns], the largest first. */
export function singularValuesOf(x: tf.Tensor): tf.Tensor {
  return stackedValues(
    x,
    matrices(x).map((a) => singularValues(a, false)),
  );
}

function stackedValues(x: tf.Tensor, parts: readonly { readonly s: ArrayLike<number> }[]): tf.Tensor {
  const values = parts.flatMap((part) => Array.from(part.s));
  return tf.tensor(values, [...x.shape.slice(0, -2), Math.min(...x.shape.slice(-2))]);
}

/**
 * keras/ops/linalg.py: decompositions and solutions of matrices [..., rows, columns], on the host in double
 * precision. Eigenvectors and singular vectors are those of Keras up to their sign, which no library defines.
 */
export const LINEAR: readonly Operation[] = [
  operation("Cholesky", "x upper", ({ x, upper }) =>
    each(float(x), (a) => (upper === true ? transposed(cholesky(a)) : cholesky(a))),
  ),
  operation("CholeskyInverse", "x upper", ({ x, upper }) =>
    each(float(x), (a) => {
      // Only the triangle counts.
      const lower = triangle(upper === true ? transposed(a) : a);
      return inverse(product(lower, transposed(lower)));
    }),
  ),
  operation("Det", "x", ({ x }) => scalars(float(x), determinant)),
  operation("Inv", "x", ({ x }) => each(float(x), inverse)),
  operation("Logdet", "x", ({ x }) => scalars(float(x), logOfDeterminant)),
  operation("Slogdet", "x", ({ x }) => [
    scalars(float(x), (a) => Math.sign(determinant(a))),
    scalars(float(x), (a) => Math.log(Math.abs(determinant(a)))),
  ]),
  operation("Solve", "a b", ({ a, b }) => both(float(a), float(b), solve)),
  operation("SolveTriangular", "a b lower", ({ a, b, lower }) =>
    both(float(a), float(b), (left, right) => solveTriangular(left, right, lower === true, false)),
  ),
  operation("Lstsq", "a b", ({ a, b }) =>
    both(float(a), float(b), (left, right) => product(pseudoInverse(left, null), right)),
  ),
  operation("LuFactor", "x", ({ x }) => {
    const parts = matrices(float(x)).map(lu);
    if (parts.length !== 1) throw new Error("it takes one matrix, no batch of them");
    const [{ factors, order }] = parts as [ReturnType<typeof lu>];
    const pivots = order.map((_, i) => order.indexOf(i));
    return [joined(float(x), [factors]), tf.tensor1d(pivots, "int32")];
  }),
  operation("Qr", "x mode", ({ x, mode }) => {
    const parts = matrices(float(x)).map((a) => qr(a, mode === "complete"));
    return [
      joined(
        float(x),
        parts.map(({ q }) => q),
      ),
      joined(
        float(x),
        parts.map(({ r }) => r),
      ),
    ];
  }),
  operation("SVD", "x full_matrices compute_uv", ({ x, full_matrices: full, compute_uv: vectors }) => {
    const value = float(x);
    if (vectors === false) return singularValuesOf(value);
    const parts = matrices(value).map((a) => singularValues(a, full !== false));
    const s = stackedValues(value, parts);
    return [
      joined(
        value,
        parts.map(({ u }) => u),
      ),
      s,
      joined(
        value,
        parts.map(({ v }) => transposed(v)),
      ),
    ];
  }),
  operation("Eigh", "x", ({ x }) => {
    const value = float(x);
    const parts = matrices(value).map(eigenSymmetric);
    const values = tf.tensor(
      parts.flatMap((part) => [...part.values]),
      value.shape.slice(0, -1),
    );
    return [
      values,
      joined(
        value,
        parts.map(({ vectors }) => vectors),
      ),
    ];
  }),
  operation("Pinv", "x rcond", ({ x, rcond }) =>
    each(float(x), (a) => pseudoInverse(a, rcond === undefined || rcond === null ? null : number(rcond, 0))),
  ),
  operation("MatrixRank", "x tol", ({ x, tol }) =>
    tf.cast(
      scalars(float(x), (a) => {
        const s = [...singularValues(a, false).s];
        const least = number(tol, Math.max(...s) * Math.max(a.rows, a.columns) * 2 ** -23);
        return s.filter((value) => value > least).length;
      }),
      "int32",
    ),
  ),
].map((row) => ({
  ...row,
  compute: withoutSamples(row.compute, unitMatrices),
  trial: unitMatrices,
}));

/** By Cholesky's factor, as TensorFlow: no number for a matrix that is not positive definite. */
function logOfDeterminant(a: Matrix): number {
  try {
    const { values } = cholesky(a);
    return (
      2 *
      Array.from({ length: a.rows }, (_, i) => Math.log(values[i * a.rows + i]!)).reduce((x, y) => x + y, 0)
    );
  } catch {
    return NaN;
  }
}

/** Zeros have no inverse. */
export function unitMatrices(shape: number[]): tf.Tensor {
  if (shape.length < 2) return tf.ones(shape);
  const [rows, columns] = shape.slice(-2) as [number, number];
  return broadcastTo(tf.eye(rows, columns), shape);
}

/** Matrices of the last two axes. */
function matrices(x: tf.Tensor): Matrix[] {
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const data = Float64Array.from(x.dataSync());
  return Array.from({ length: data.length / (rows * columns) }, (_, i) => ({
    rows,
    columns,
    values: data.slice(i * rows * columns, (i + 1) * rows * columns),
  }));
}

function joined(like: tf.Tensor, list: readonly Matrix[]): tf.Tensor {
  const { rows, columns } = list[0]!;
  const values = new Float32Array(list.length * rows * columns);
  list.forEach((matrix, i) => values.set(matrix.values, i * rows * columns));
  return tf.tensor(values, [...like.shape.slice(0, -2), rows, columns]);
}

export function each(x: tf.Tensor, change: (a: Matrix) => Matrix): tf.Tensor {
  return joined(x, matrices(x).map(change));
}

/** A right side of one rank less is a vector for each matrix. */
function both(a: tf.Tensor, b: tf.Tensor, compute: (a: Matrix, b: Matrix) => Matrix): tf.Tensor {
  const vector = b.rank === a.rank - 1;
  const right = matrices(vector ? tf.expandDims(b, -1) : b);
  const result = joined(
    a,
    matrices(a).map((left, i) => compute(left, right[i % right.length]!)),
  );
  return vector ? tf.squeeze(result, [result.rank - 1]) : result;
}

function scalars(x: tf.Tensor, compute: (a: Matrix) => number): tf.Tensor {
  return tf.tensor(matrices(x).map(compute), x.shape.slice(0, -2), "float32");
}

function product(a: Matrix, b: Matrix): Matrix {
  const values = new Float64Array(a.rows * b.columns);
  for (let i = 0; i < a.rows; i++) {
    for (let k = 0; k < a.columns; k++) {
      for (let j = 0; j < b.columns; j++) {
        values[i * b.columns + j]! += a.values[i * a.columns + k]! * b.values[k * b.columns + j]!;
      }
    }
  }
  return { rows: a.rows, columns: b.columns, values };
}

function triangle({ rows, columns, values }: Matrix): Matrix {
  return {
    rows,
    columns,
    values: values.map((value, i) => (i % columns > Math.floor(i / columns) ? 0 : value)),
  };
}

/** Singular values below the share `rcond` of the largest count as 0. */
function pseudoInverse(a: Matrix, rcond: number | null): Matrix {
  const { s, u, v } = singularValues(a, false);
  const least = Math.max(...s) * (rcond ?? 10 * Math.max(a.rows, a.columns) * 2 ** -23);
  const scaled = v.values.map((value, i) => {
    const size = s[i % v.columns]!;
    return size > least ? value / size : 0;
  });
  return product({ ...v, values: scaled }, transposed(u));
}
