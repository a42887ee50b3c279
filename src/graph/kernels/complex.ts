import * as tf from "@tensorflow/tfjs";
import type { OpCall } from "../kernel.js";
import { ComplexTensor, type GraphValue } from "../value.js";

/** Complex arithmetic on real and imaginary parts: not every back end has a complex type. */

export function complexAt(call: OpCall, index: number): ComplexTensor {
  const value = call.value(index);
  return value instanceof ComplexTensor
    ? value
    : new ComplexTensor(call.tensor(index), tf.zerosLike(call.tensor(index)));
}

function unknown(call: OpCall): Error {
  return call.error("O07", "it is not supported on complex numbers", "Register a function for the op.");
}

export function add(a: ComplexTensor, b: ComplexTensor): ComplexTensor {
  return new ComplexTensor(tf.add(a.real, b.real), tf.add(a.imaginary, b.imaginary));
}

export function subtract(a: ComplexTensor, b: ComplexTensor): ComplexTensor {
  return new ComplexTensor(tf.sub(a.real, b.real), tf.sub(a.imaginary, b.imaginary));
}

type Product = (x: tf.Tensor, y: tf.Tensor) => tf.Tensor;

/** The product for any product of real tensors: of elements, of matrices, an einsum. */
export function multiply(a: ComplexTensor, b: ComplexTensor, product: Product = tf.mul): ComplexTensor {
  return new ComplexTensor(
    tf.sub(product(a.real, b.real), product(a.imaginary, b.imaginary)),
    tf.add(product(a.real, b.imaginary), product(a.imaginary, b.real)),
  );
}

function same(a: ComplexTensor, b: ComplexTensor): tf.Tensor {
  return tf.logicalAnd(tf.equal(a.real, b.real), tf.equal(a.imaginary, b.imaginary));
}

function isZero({ real, imaginary }: ComplexTensor): tf.Tensor {
  return tf.logicalAnd(tf.equal(real, 0), tf.equal(imaginary, 0));
}

function where(condition: tf.Tensor, a: ComplexTensor, b: ComplexTensor): ComplexTensor {
  return new ComplexTensor(
    tf.where(condition, a.real, b.real),
    tf.where(condition, a.imaginary, b.imaginary),
  );
}

function conjugate({ real, imaginary }: ComplexTensor): ComplexTensor {
  return new ComplexTensor(real, tf.neg(imaginary));
}

function scale({ real, imaginary }: ComplexTensor, by: tf.Tensor | number): ComplexTensor {
  return new ComplexTensor(tf.mul(real, by), tf.mul(imaginary, by));
}

function divide(a: ComplexTensor, b: ComplexTensor): ComplexTensor {
  const size = tf.add(tf.square(b.real), tf.square(b.imaginary));
  return scale(multiply(a, conjugate(b)), tf.reciprocal(size));
}

function size({ real, imaginary }: ComplexTensor): tf.Tensor {
  return tf.sqrt(tf.add(tf.square(real), tf.square(imaginary)));
}

function constant(like: ComplexTensor, value: number): ComplexTensor {
  return new ComplexTensor(tf.fill([...like.shape], value), tf.zerosLike(like.real));
}

function exponential({ real, imaginary }: ComplexTensor): ComplexTensor {
  const length = tf.exp(real);
  return new ComplexTensor(tf.mul(length, tf.cos(imaginary)), tf.mul(length, tf.sin(imaginary)));
}

function logarithm(z: ComplexTensor): ComplexTensor {
  return new ComplexTensor(tf.log(size(z)), tf.atan2(z.imaginary, z.real));
}

function power(a: ComplexTensor, b: ComplexTensor): ComplexTensor {
  return exponential(multiply(b, logarithm(a)));
}

/** The root on the right half of the plane. */
function squareRoot(z: ComplexTensor): ComplexTensor {
  const length = size(z);
  const real = tf.sqrt(tf.div(tf.add(length, z.real), 2));
  const turn = tf.where(tf.less(z.imaginary, 0), tf.fill([...z.shape], -1), tf.onesLike(real));
  return new ComplexTensor(real, tf.mul(turn, tf.sqrt(tf.relu(tf.div(tf.sub(length, z.real), 2)))));
}

function hyperbolicSine({ real, imaginary }: ComplexTensor): ComplexTensor {
  return new ComplexTensor(
    tf.mul(tf.sinh(real), tf.cos(imaginary)),
    tf.mul(tf.cosh(real), tf.sin(imaginary)),
  );
}

function hyperbolicCosine({ real, imaginary }: ComplexTensor): ComplexTensor {
  return new ComplexTensor(
    tf.mul(tf.cosh(real), tf.cos(imaginary)),
    tf.mul(tf.sinh(real), tf.sin(imaginary)),
  );
}

/** i times a number, and back: sin z = -i sinh(iz), cos z = cosh(iz). */
const turn = ({ real, imaginary }: ComplexTensor): ComplexTensor =>
  new ComplexTensor(tf.neg(imaginary), real);
const turnBack = ({ real, imaginary }: ComplexTensor): ComplexTensor =>
  new ComplexTensor(imaginary, tf.neg(real));

type Unary = (z: ComplexTensor) => ComplexTensor;

const UNARY: ReadonlyMap<string, Unary> = new Map<string, Unary>([
  ["Neg", (z) => scale(z, -1)],
  ["Exp", exponential],
  ["Expm1", (z) => subtract(exponential(z), constant(z, 1))],
  ["Log", logarithm],
  ["Log1p", (z) => logarithm(add(z, constant(z, 1)))],
  ["Square", (z) => multiply(z, z)],
  ["Sqrt", squareRoot],
  ["Rsqrt", (z) => divide(constant(z, 1), squareRoot(z))],
  ["Reciprocal", (z) => divide(constant(z, 1), z)],
  ["Inv", (z) => divide(constant(z, 1), z)],
  ["Sinh", hyperbolicSine],
  ["Cosh", hyperbolicCosine],
  ["Tanh", (z) => divide(hyperbolicSine(z), hyperbolicCosine(z))],
  ["Sin", (z) => turnBack(hyperbolicSine(turn(z)))],
  ["Cos", (z) => hyperbolicCosine(turn(z))],
  ["Tan", (z) => divide(turnBack(hyperbolicSine(turn(z))), hyperbolicCosine(turn(z)))],
  ["Sigmoid", (z) => divide(constant(z, 1), add(constant(z, 1), exponential(scale(z, -1))))],
  ["Sign", (z) => scale(z, tf.divNoNan(tf.onesLike(z.real), size(z)))],
]);

export function complexUnary(call: OpCall, z: ComplexTensor): ComplexTensor {
  const op = UNARY.get(call.step.op);
  if (op === undefined) throw unknown(call);
  return op(z);
}

/** Sums, products, quotients, powers and comparisons of complex tensors. */
export function complexBinary(call: OpCall): GraphValue {
  const [a, b] = [complexAt(call, 0), complexAt(call, 1)];
  switch (call.step.op) {
    case "Add":
    case "AddV2":
      return add(a, b);
    case "Sub":
      return subtract(a, b);
    case "Mul":
      return multiply(a, b);
    case "Div":
    case "RealDiv":
      return divide(a, b);
    case "MulNoNan":
      return where(isZero(b), constant(b, 0), multiply(a, b));
    case "DivNoNan":
      return where(isZero(b), constant(b, 0), divide(a, b));
    case "Pow":
      return power(a, b);
    case "Equal":
      return same(a, b);
    case "NotEqual":
      return tf.logicalNot(same(a, b));
    case "SquaredDifference": {
      const apart = subtract(a, b);
      return multiply(apart, conjugate(apart));
    }
    default:
      throw unknown(call);
  }
}
