import * as tf from "@tensorflow/tfjs";
import { broadcastTo } from "../../ops/broadcast.js";
import type { Attributes } from "../attributes.js";
import type { KernelTable, OpCall } from "../kernel.js";
import { productWork } from "../work.js";
import { ComplexTensor, type GraphValue, type WideIntegers } from "../value.js";
import { tensorType } from "../tensors.js";
import { complexAt, multiply } from "./complex.js";
import { einsum, einsumProducts } from "./einsum.js";
import { bigints, fitTo, integersOf, wrapped } from "./integers.js";

/** Products of matrices, and what is kept of them. */
export const matrix: KernelTable = {
  MatMul: { host: wholeFactors, work: matMulWork, run: (call) => matMul(call, "transpose_a", "transpose_b") },
  BatchMatMul: { host: wholeFactors, work: matMulWork, run: (call) => matMul(call, "adj_x", "adj_y") },
  BatchMatMulV2: { host: wholeFactors, work: matMulWork, run: (call) => matMul(call, "adj_x", "adj_y") },
  BatchMatMulV3: { host: wholeFactors, work: matMulWork, run: (call) => matMul(call, "adj_x", "adj_y") },
  _FusedMatMul: { work: matMulWork, run: fusedMatMul },
  SparseMatMul: {
    host: wholeFactors,
    work: matMulWork,
    run: (call) => matMul(call, "transpose_a", "transpose_b"),
  },
  Einsum: { work: einsumWork, run: summation },
  XlaEinsum: { work: einsumWork, run: summation },
  Cross: { run: cross },
  MatrixBandPart: { host: [1, 2], run: bandPart },
  BatchMatrixBandPart: { host: [1, 2], run: bandPart },
};

/** Rows by columns by terms, of as many matrices as there are after broadcasting. */
function matMulWork(call: OpCall): number {
  const [a, b] = [call.shapeOf(0), call.shapeOf(1)];
  const turned = call.attributes.bool("transpose_a") || call.attributes.bool("adj_x");
  const [rows, terms] = turned ? [a.at(-1)!, a.at(-2)!] : [a.at(-2)!, a.at(-1)!];
  const columns = b.slice(-2).reduce((n, dim) => n * dim, 1) / Math.max(1, terms);
  let products = rows * terms * columns;
  for (let axis = 3; axis <= Math.max(a.length, b.length); axis++)
    products *= Math.max(a.at(-axis) ?? 1, b.at(-axis) ?? 1);
  return productWork(products);
}

function einsumWork(call: OpCall): number {
  const shapes = call.inputs.map((_, i) => call.shapeOf(i));
  return productWork(einsumProducts(call.attributes.text("equation"), shapes));
}

/** @param first the attributes that say whether an operand is transposed (adjoint, of complex ones) */
function matMul(call: OpCall, first: string, second: string): GraphValue {
  const [turnA, turnB] = [call.attributes.bool(first), call.attributes.bool(second)];
  if (call.inputs.some((value) => value instanceof ComplexTensor)) {
    const adjoint = (value: ComplexTensor, turned: boolean): ComplexTensor =>
      turned && first === "adj_x" ? new ComplexTensor(value.real, tf.neg(value.imaginary)) : value;
    return multiply(adjoint(complexAt(call, 0), turnA), adjoint(complexAt(call, 1), turnB), (x, y) =>
      product(x, y, turnA, turnB),
    );
  }
  const [a, b] = [call.tensor(0), call.tensor(1)];
  if (a.dtype === "float32") return product(a, b, turnA, turnB);
  const type = call.attributes.type("Tout") ?? call.attributes.type("T");
  const inFloat = product(tf.cast(a, "float32"), tf.cast(b, "float32"), turnA, turnB);
  if (isExact(call, a.shape.at(turnA ? -2 : -1)!)) return wrapped(tf.cast(inFloat, a.dtype), type);
  return exactProduct(call, inFloat.shape, turnA, turnB);
}

/** Both, where they are whole numbers: how large they are decides how they are multiplied. */
function wholeFactors(attributes: Attributes): readonly number[] {
  const type = attributes.type("T") ?? attributes.type("Ta");
  return type !== null && tensorType(type) === "int32" ? [0, 1] : [];
}

/** Whether sums of so many products of the inputs fit the 24 bits of a float. */
function isExact(call: OpCall, terms: number): boolean {
  const most = (index: number): number => call.numbers(index).reduce((m, x) => Math.max(m, Math.abs(x)), 0);
  return terms * most(0) * most(1) <= 2 ** 24;
}

/** A product of matrices of whole numbers on the host, as large as they get. */
function exactProduct(
  call: OpCall,
  shape: readonly number[],
  turnA: boolean,
  turnB: boolean,
): tf.Tensor | WideIntegers {
  const [a, b] = [bigints(call, 0), bigints(call, 1)];
  const [rows, columns] = shape.slice(-2) as [number, number];
  const terms = call.shapeOf(0).at(turnA ? -2 : -1)!;
  const [left, right] = [0, 1].map((index) => matricesFor(call.shapeOf(index), shape)) as [
    number[],
    number[],
  ];
  const fit = fitTo(call.attributes.type("Tout") ?? call.attributes.type("T"));
  const out = Array.from({ length: shape.reduce((n, dim) => n * dim, 1) }, (_, at) => {
    const [column, row] = [at % columns, Math.floor(at / columns) % rows];
    const matrix = Math.floor(at / (rows * columns));
    const [atA, atB] = [left[matrix]! * rows * terms, right[matrix]! * terms * columns];
    let sum = 0n;
    for (let k = 0; k < terms; k++) {
      const factor = a[atA + (turnA ? k * rows + row : row * terms + k)]!;
      sum += factor * b[atB + (turnB ? column * terms + k : k * columns + column)]!;
    }
    return fit(sum);
  });
  const made = integersOf(out, shape);
  return made instanceof tf.Tensor ? wrapped(made, call.attributes.type("T")) : made;
}

/** By matrix of a product: which one of an input it is made from, whose batch is broadcast to that of the product. */
function matricesFor(input: readonly number[], product: readonly number[]): number[] {
  const batch = product.slice(0, -2);
  const own = input.slice(0, -2);
  return Array.from({ length: batch.reduce((n, dim) => n * dim, 1) }, (_, matrix) => {
    let [at, stride, rest] = [0, 1, matrix];
    for (let axis = 1; axis <= batch.length; axis++) {
      const dim = own.at(-axis) ?? 1;
      if (axis <= own.length && dim > 1) at += (rest % batch.at(-axis)!) * stride;
      if (axis <= own.length) stride *= dim;
      rest = Math.floor(rest / batch.at(-axis)!);
    }
    return at;
  });
}

/** The back ends broadcast batches of one outer size only; others are spread out first. */
function product(a: tf.Tensor, b: tf.Tensor, turnA: boolean, turnB: boolean): tf.Tensor {
  // Sums of nothing: wasm leaves what was in memory.
  if (a.shape.at(turnA ? -2 : -1) === 0) {
    const batch = tf.backend_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
    return tf.zeros([...batch, a.shape.at(turnA ? -1 : -2)!, b.shape.at(turnB ? -2 : -1)!]);
  }
  const [left, right] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const same = left.join() === right.join();
  if (same || left.every((dim) => dim === 1) || right.every((dim) => dim === 1)) {
    return tf.matMul(a, b, turnA, turnB);
  }
  const batch = tf.backend_util.assertAndGetBroadcastShape(left, right);
  const spread = (x: tf.Tensor): tf.Tensor => broadcastTo(x, [...batch, ...x.shape.slice(-2)]);
  return tf.matMul(spread(a), spread(b), turnA, turnB);
}

function summation(call: OpCall): GraphValue {
  const equation = call.attributes.text("equation");
  if (!call.inputs.some((value) => value instanceof ComplexTensor)) {
    const type = call.tensor(0).dtype;
    if (type === "float32") return einsum(equation, call.tensors());
    const floats = call.tensors().map((x) => tf.cast(x, "float32"));
    const largest = einsum(equation, floats.map(tf.abs));
    // Beyond this a float holds not every whole number.
    if (largest.size > 0 && tf.max(largest).dataSync()[0]! > 2 ** 24)
      throw call.error(
        "G11",
        "a sum of whole numbers is beyond 2^24, up to which it is computed exactly here",
        "Feed smaller numbers, or compute in float32.",
      );
    return tf.cast(einsum(equation, floats), type);
  }
  if (call.count === 1) {
    const { real, imaginary } = complexAt(call, 0);
    return new ComplexTensor(einsum(equation, [real]), einsum(equation, [imaginary]));
  }
  return multiply(complexAt(call, 0), complexAt(call, 1), (x, y) => einsum(equation, [x, y]));
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
    // The converter's word for no bias.
    if (op === "NoOp") return value;
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
  return wrapped(tf.stack([part(1, 2), part(2, 0), part(0, 1)], -1), call.attributes.type("T"));
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
