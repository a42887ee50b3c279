import * as tf from "@tensorflow/tfjs";
import type { CallValue } from "../../layers/computed-layer.js";
import { exponential } from "../numerics/matrix-functions.js";
import { flag, graphOp, graphTensor, text } from "../graph-op.js";
import { each, unitMatrices } from "../linear.js";
import type { TensorFlowFunctions, Values } from "../operation.js";
import { OPERATIONS } from "../table.js";
import { float, int, number, tensor, tensors } from "../values.js";

/** tensorflow/python/ops/linalg: decompositions, solutions and functions of matrices [..., rows, columns]. */
export const TENSORFLOW_LINEAR: TensorFlowFunctions = {
  "linalg.expm": ["input", ({ input }) => each(float(input), exponential)],
  "linalg.sqrtm": ["input", ({ input }) => graphTensor("MatrixSquareRoot", [float(input)]), unitMatrices],
  "linalg.qr": [
    "input full_matrices",
    ({ input, full_matrices: full }) => graphOp("Qr", [float(input)], { full_matrices: flag(full === true) }),
  ],
  "linalg.svd": ["tensor full_matrices compute_uv", singularValues],
  "linalg.eigh": ["tensor", ({ tensor: x }) => graphOp("SelfAdjointEigV2", [float(x)])],
  "linalg.eigvalsh": ["tensor", ({ tensor: x }) => graphTensor("SelfAdjointEigV2", [float(x)])],
  "linalg.lu": ["input output_idx_type", ({ input }) => graphOp("Lu", [float(input)]), unitMatrices],
  "linalg.slogdet": ["input", ({ input }) => graphOp("LogMatrixDeterminant", [float(input)]), unitMatrices],
  "linalg.logdet": ["matrix", logOfDeterminant, unitMatrices],
  "linalg.lstsq": ["matrix rhs l2_regularizer fast", leastSquares, unitMatrices],
  "linalg.pinv": ["a rcond validate_args", pseudoInverse, unitMatrices],
  "linalg.matrix_rank": ["a tol validate_args", rankOf],
  "linalg.triangular_solve": ["matrix rhs lower adjoint", triangular, unitMatrices],
  "linalg.cholesky_solve": [
    "chol rhs",
    ({ chol, rhs }) =>
      triangular({ matrix: chol!, rhs: triangular({ matrix: chol!, rhs: rhs! }), adjoint: true }),
    unitMatrices,
  ],
  "linalg.tridiagonal_solve": [
    "diagonals rhs diagonals_format transpose_rhs conjugate_rhs name partial_pivoting perturb_singular",
    tridiagonal,
    middleOnes,
  ],
  "linalg.tensor_diag": ["diagonal", ({ diagonal }) => graphTensor("Diag", [tensor(diagonal)])],
  "linalg.tensor_diag_part": ["input", ({ input }) => graphTensor("DiagPart", [tensor(input)])],
  "linalg.diag": ["diagonal name k num_rows num_cols padding_value align", diagonal],
  "linalg.diag_part": ["input name k padding_value align", diagonalPart],
  "linalg.set_diag": ["input diagonal name k align", setDiagonal],
  "linalg.global_norm": ["t_list", ({ t_list: list }) => globalNorm(tensors(list))],
  clip_by_global_norm: ["t_list clip_norm use_norm", clippedByGlobalNorm],
};

/** TensorFlow's own epsilon of float32. */
const EPSILON = 2 ** -23;

function singularValues({ tensor: x, full_matrices: full, compute_uv: vectors }: Values) {
  const parts = graphOp("Svd", [float(x)], {
    compute_uv: flag(vectors !== false),
    full_matrices: flag(full === true),
  });
  return vectors === false ? parts[0]! : parts;
}

function transposed(x: tf.Tensor): tf.Tensor {
  const order = x.shape.map((_, i) => i);
  return tf.transpose(x, [...order.slice(0, -2), x.rank - 1, x.rank - 2]);
}

/** Of a positive definite matrix, by Cholesky's. */
function logOfDeterminant({ matrix }: Values): tf.Tensor {
  const factor = graphTensor("Cholesky", [float(matrix)]);
  const along = OPERATIONS.get("Diagonal")!.compute({ x: factor, axis1: -2, axis2: -1 }) as tf.Tensor;
  return tf.mul(tf.sum(tf.log(along), -1), 2);
}

function leastSquares({ matrix, rhs, l2_regularizer: weight, fast }: Values): tf.Tensor {
  const given = [float(matrix), float(rhs), tf.scalar(number(weight, 0))];
  return graphTensor("MatrixSolveLs", given, { fast: flag(fast !== false) });
}

function pseudoInverse({ a, rcond }: Values): tf.Tensor {
  const x = float(a);
  const [s, u, v] = graphOp("Svd", [x], { compute_uv: flag(true) }) as [tf.Tensor, tf.Tensor, tf.Tensor];
  const smallest = float(rcond ?? 10 * Math.max(...x.shape.slice(-2)) * EPSILON);
  const limit = tf.mul(smallest.rank > 0 ? tf.expandDims(smallest, -1) : smallest, tf.max(s, -1, true));
  const inverse = tf.where(tf.greater(s, limit), tf.reciprocal(s), tf.zerosLike(s));
  return tf.matMul(tf.mul(v, tf.expandDims(inverse, -2)), transposed(u));
}

function rankOf({ a, tol }: Values): tf.Tensor {
  const x = float(a);
  const s = graphTensor("Svd", [x], { compute_uv: flag(false) });
  const limit =
    tol === undefined || tol === null
      ? tf.mul(tf.max(s, -1, true), EPSILON * Math.max(...x.shape.slice(-2)))
      : float(tol);
  return tf.sum(tf.cast(tf.greater(s, limit), "int32"), -1);
}

function triangular({ matrix, rhs, lower, adjoint }: Values): tf.Tensor {
  return graphTensor("MatrixTriangularSolve", [float(matrix), float(rhs)], {
    lower: flag(lower !== false),
    adjoint: flag(adjoint === true),
  });
}

/** A matrix of ones along its diagonal, as three diagonals. */
function middleOnes(shape: number[]): tf.Tensor {
  const middle = shape.length > 1 && shape.at(-2) === 3;
  return middle ? tf.add(tf.zeros(shape), tf.tensor2d([[0], [1], [0]])) : tf.ones(shape);
}

function tridiagonal(values: Values): tf.Tensor {
  const format = values["diagonals_format"] ?? "compact";
  if (format !== "compact" || values["transpose_rhs"] === true)
    throw new Error('only diagonals_format="compact" without transpose_rhs is known here');
  const diagonals = float(values["diagonals"]);
  const rhs = float(values["rhs"]);
  const column = rhs.rank < diagonals.rank;
  const pivots = { partial_pivoting: flag(values["partial_pivoting"] !== false) };
  const solved = graphTensor("TridiagonalSolve", [diagonals, column ? tf.expandDims(rhs, -1) : rhs], pivots);
  return column ? tf.squeeze(solved, [-1]) : solved;
}

function alignment(align: CallValue | undefined) {
  return { align: text(typeof align === "string" ? align : "RIGHT_LEFT") };
}

/** One diagonal, or the first and the last of several. */
function places(k: CallValue | undefined): tf.Tensor {
  return int(k ?? 0);
}

function diagonal({
  diagonal: given,
  k,
  num_rows: rows,
  num_cols: columns,
  padding_value: padding,
  align,
}: Values) {
  const x = tensor(given);
  const lengths = [rows, columns].map((n) => int(number(n, -1)));
  const around = tf.scalar(number(padding, 0), x.dtype as "float32");
  return graphTensor("MatrixDiagV3", [x, places(k), ...lengths, around], alignment(align));
}

function diagonalPart({ input, k, padding_value: padding, align }: Values): tf.Tensor {
  const x = tensor(input);
  const around = tf.scalar(number(padding, 0), x.dtype as "float32");
  return graphTensor("MatrixDiagPartV3", [x, places(k), around], alignment(align));
}

function setDiagonal({ input, diagonal: given, k, align }: Values): tf.Tensor {
  const x = tensor(input);
  return graphTensor("MatrixSetDiagV3", [x, tensor(given, x.dtype), places(k)], alignment(align));
}

function globalNorm(list: readonly tf.Tensor[]): tf.Tensor {
  return tf.sqrt(tf.addN(list.map((x) => tf.sum(tf.square(float(x))))));
}

/** Nothing longer than the limit changes; what is infinite becomes no number, as there (clip_ops.py). */
function clippedByGlobalNorm({ t_list: list, clip_norm: most, use_norm: given }: Values): tf.Tensor[] {
  const parts = tensors(list).map(float);
  const norm = given === undefined || given === null ? globalNorm(parts) : float(given);
  const limit = float(most);
  const factor = tf.mul(limit, tf.minimum(tf.reciprocal(norm), tf.reciprocal(limit)));
  const scale = tf.add(factor, tf.sub(norm, norm));
  return [...parts.map((x) => tf.mul(x, scale)), norm];
}
