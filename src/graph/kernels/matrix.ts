import * as tf from "@tensorflow/tfjs";
import type { Kernel, KernelTable, OpCall } from "../kernel.js";
import { einsum } from "./einsum.js";
import {
  cholesky,
  determinant,
  eigenSymmetric,
  inverse,
  qr,
  singularValues,
  solve,
  solveTriangular,
  transposed,
  type Matrix,
} from "./dense-matrix.js";

/** Products, diagonals, and decompositions; the latter on the host, matrix by matrix. */
export const matrix: KernelTable = {
  MatMul: {
    run: (call) =>
      tf.matMul(
        call.tensor(0),
        call.tensor(1),
        call.attributes.bool("transpose_a"),
        call.attributes.bool("transpose_b"),
      ),
  },
  BatchMatMul: { run: batchMatMul },
  BatchMatMulV2: { run: batchMatMul },
  BatchMatMulV3: { run: batchMatMul },
  _FusedMatMul: { run: fusedMatMul },
  SparseMatMul: {
    run: (call) =>
      tf.matMul(
        call.tensor(0),
        call.tensor(1),
        call.attributes.bool("transpose_a"),
        call.attributes.bool("transpose_b"),
      ),
  },
  Einsum: { run: (call) => einsum(call.attributes.text("equation"), call.tensors()) },
  XlaEinsum: { run: (call) => einsum(call.attributes.text("equation"), call.tensors()) },
  Cross: { run: cross },
  MatrixBandPart: { host: [1, 2], run: bandPart },
  BatchMatrixBandPart: { host: [1, 2], run: bandPart },
  MatrixDiag: { run: matrixDiag },
  MatrixDiagV2: { run: matrixDiag },
  MatrixDiagV3: { run: matrixDiag },
  DiagPart: { run: diagPart },
  MatrixDiagPart: { run: diagPart },
  MatrixDiagPartV2: { run: diagPart },
  MatrixDiagPartV3: { run: diagPart },
  MatrixSetDiag: { run: setDiag },
  MatrixSetDiagV2: { run: setDiag },
  MatrixSetDiagV3: { run: setDiag },
  MatrixInverse: square((a, call) => inverse(call.attributes.bool("adjoint") ? transposed(a) : a)),
  Cholesky: square((a) => cholesky(a)),
  MatrixDeterminant: { host: [0], run: determinants },
  LogMatrixDeterminant: { host: [0], run: logDeterminants, outputs: ["sign", "log_abs_determinant"] },
  MatrixSolve: { host: [0, 1], run: matrixSolve },
  MatrixTriangularSolve: { host: [0, 1], run: triangularSolve },
  Svd: { host: [0], run: svd, outputs: ["s", "u", "v"] },
  SelfAdjointEigV2: { host: [0], run: eigen, outputs: ["e", "v"] },
  Qr: { host: [0], run: qrDecomposition, outputs: ["q", "r"] },
};

function batchMatMul(call: OpCall): tf.Tensor {
  let [a, b] = [call.tensor(0), call.tensor(1)] as [tf.Tensor, tf.Tensor];
  const type = a.dtype;
  if (type !== "float32") [a, b] = [tf.cast(a, "float32"), tf.cast(b, "float32")];
  const product = tf.matMul(a, b, call.attributes.bool("adj_x"), call.attributes.bool("adj_y"));
  return type === "float32" ? product : tf.cast(product, type);
}

function fusedMatMul(call: OpCall): tf.Tensor {
  const { attributes } = call;
  const product = tf.matMul(
    call.tensor(0),
    call.tensor(1),
    attributes.bool("transpose_a"),
    attributes.bool("transpose_b"),
  );
  return fuse(call, product, 2);
}

/** What grappler joined to an op: a bias, then an activation. Its inputs follow from `from` on. */
export function fuse(call: OpCall, result: tf.Tensor, from: number): tf.Tensor {
  let next = from;
  return call.attributes.texts("fused_ops").reduce((value, op) => {
    if (op === "BiasAdd") return tf.add(value, call.tensor(next++));
    if (op === "Prelu") return tf.prelu(value, call.tensor(next++));
    if (op === "Relu") return tf.relu(value);
    if (op === "Relu6") return tf.relu6(value);
    if (op === "Elu") return tf.elu(value);
    if (op === "Tanh") return tf.tanh(value);
    if (op === "Sigmoid") return tf.sigmoid(value);
    if (op === "LeakyRelu") return tf.leakyRelu(value, call.attributes.float("leakyrelu_alpha", 0.2));
    throw call.error(
      "O07",
      `it joins the op ${op}, which is not known here`,
      "Export the graph without grappler.",
    );
  }, result);
}

function cross(call: OpCall): tf.Tensor {
  const a = tf.unstack(call.tensor(0), -1) as [tf.Tensor, tf.Tensor, tf.Tensor];
  const b = tf.unstack(call.tensor(1), -1) as [tf.Tensor, tf.Tensor, tf.Tensor];
  const part = (i: number, j: number): tf.Tensor => tf.sub(tf.mul(a[i]!, b[j]!), tf.mul(a[j]!, b[i]!));
  return tf.stack([part(1, 2), part(2, 0), part(0, 1)], -1);
}

/** True on the diagonals from `lower` below to `upper` above; negative bounds take all. */
function band(rows: number, columns: number, lower: number, upper: number): tf.Tensor {
  const offset = tf.sub(
    tf.reshape(tf.range(0, rows, 1, "int32"), [rows, 1]),
    tf.range(0, columns, 1, "int32"),
  );
  return tf.logicalAnd(
    tf.lessEqual(offset, lower < 0 ? rows : lower),
    tf.greaterEqual(offset, upper < 0 ? -columns : -upper),
  );
}

function bandPart(call: OpCall): tf.Tensor {
  const x = call.tensor(0);
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  return tf.where(band(rows, columns, call.number(1), call.number(2)), x, tf.zerosLike(x));
}

function matrixDiag(call: OpCall): tf.Tensor {
  onlyMainDiagonal(call, 1);
  const x = call.tensor(0);
  const n = x.shape.at(-1)!;
  return tf.mul(tf.expandDims(x, -1), tf.cast(band(n, n, 0, 0), x.dtype));
}

function diagPart(call: OpCall): tf.Tensor {
  onlyMainDiagonal(call, 1);
  const x = call.tensor(0);
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const n = Math.min(rows, columns);
  const flat = tf.reshape(x, [...x.shape.slice(0, -2), rows * columns]);
  return tf.gather(
    flat,
    tf.tensor1d(
      Int32Array.from({ length: n }, (_, i) => i * columns + i),
      "int32",
    ),
    x.rank - 2,
  );
}

function setDiag(call: OpCall): tf.Tensor {
  onlyMainDiagonal(call, 2);
  const x = call.tensor(0);
  const diagonal = call.tensor(1);
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const n = Math.min(rows, columns);
  const wide = tf.pad(diagonal, [
    ...new Array<[number, number]>(diagonal.rank - 1).fill([0, 0]),
    [0, columns - n],
  ]);
  return tf.where(band(rows, columns, 0, 0), tf.expandDims(wide, -2), x);
}

/** The newer versions can name other diagonals; models use the main one. */
function onlyMainDiagonal(call: OpCall, input: number): void {
  if (call.count > input && call.numbers(input).some((k) => k !== 0)) {
    throw call.error(
      "O07",
      "diagonals other than the main one are not supported",
      "Register a function for the op.",
    );
  }
}

/** The matrices of the last two dimensions, on the host. */
function matricesOf(call: OpCall, index: number): Matrix[] {
  const shape = call.shapeOf(index);
  const [rows, columns] = shape.slice(-2) as [number, number];
  const values = call.numbers(index);
  const count = rows * columns === 0 ? 0 : values.length / (rows * columns);
  return Array.from({ length: count }, (_, m) => ({
    rows,
    columns,
    values: Float64Array.from(values.slice(m * rows * columns, (m + 1) * rows * columns)),
  }));
}

function fromMatrices(batch: readonly number[], matrices: readonly Matrix[]): tf.Tensor {
  const values = Float32Array.from(matrices.flatMap(({ values: own }) => [...own]));
  const { rows, columns } = matrices[0] ?? { rows: 0, columns: 0 };
  return tf.tensor(values, [...batch, rows, columns], "float32");
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

function determinants(call: OpCall): tf.Tensor {
  return tf.tensor(matricesOf(call, 0).map(determinant), [...batchOf(call)], "float32");
}

function logDeterminants(call: OpCall): tf.Tensor[] {
  const values = matricesOf(call, 0).map(determinant);
  const shape = [...batchOf(call)];
  return [
    tf.tensor(values.map(Math.sign), shape),
    tf.tensor(
      values.map((value) => Math.log(Math.abs(value))),
      shape,
    ),
  ];
}

function matrixSolve(call: OpCall): tf.Tensor {
  const adjoint = call.attributes.bool("adjoint");
  const right = matricesOf(call, 1);
  const solved = matricesOf(call, 0).map((a, i) => solve(adjoint ? transposed(a) : a, right[i]!));
  return fromMatrices(batchOf(call), solved);
}

function triangularSolve(call: OpCall): tf.Tensor {
  const { attributes } = call;
  const right = matricesOf(call, 1);
  const solved = matricesOf(call, 0).map((a, i) =>
    solveTriangular(a, right[i]!, attributes.bool("lower", true), attributes.bool("adjoint")),
  );
  return fromMatrices(batchOf(call), solved);
}

function svd(call: OpCall): tf.Tensor[] {
  const parts = matricesOf(call, 0).map((a) => singularValues(a, call.attributes.bool("full_matrices")));
  const batch = batchOf(call);
  const n = parts[0]?.s.length ?? 0;
  const s = tf.tensor(
    parts.flatMap((part) => [...part.s]),
    [...batch, n],
    "float32",
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
  const n = parts[0]?.values.length ?? 0;
  const values = tf.tensor(
    parts.flatMap((part) => [...part.values]),
    [...batch, n],
    "float32",
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
