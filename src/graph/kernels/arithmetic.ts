import * as tf from "@tensorflow/tfjs";
import { broadcastTo } from "../../ops/broadcast.js";
import {
  lgamma,
  digamma,
  zeta,
  besselI,
  besselIe,
  ndtri,
  erfinv,
  igamma,
  betainc,
} from "../../ops/numerics/special-functions.js";
import type { Attributes } from "../attributes.js";
import type { Kernel, KernelTable, OpCall } from "../kernel.js";
import { addLists } from "./tensor-list.js";
import { ComplexTensor, StringTensor, TensorList, type GraphValue } from "../value.js";
import { complexBinary, complexUnary } from "./complex.js";
import {
  exactBinary,
  exactComparison,
  exactSum,
  exactUnary,
  isWholeType,
  needsExact,
  wideHost,
  shiftOf,
  wrapped,
} from "./integers.js";
import { broadcastWork } from "../work.js";
import { broadcastStrings } from "./text-shapes.js";
import { cast, floatToWide } from "./cast.js";

const floatPower = binary(powered);

/** tensorflow/core/ops/math_ops.cc: binary, unary and logical ops. */
export const arithmetic: KernelTable = {
  Add: binary(tf.add),
  AddV2: binary(tf.add),
  Sub: binary(tf.sub),
  Mul: binary(tf.mul),
  RealDiv: binary(tf.div),
  Div: binary((a, b) => (a.dtype === "int32" ? wholeQuotient(a, b) : tf.div(a, b))),
  TruncateDiv: binary((a, b) => (a.dtype === "int32" ? wholeQuotient(a, b) : towardsZero(tf.div(a, b)))),
  DivNoNan: binary(tf.divNoNan),
  MulNoNan: binary((a, b) => tf.where(tf.equal(b, 0), tf.zerosLike(tf.mul(a, b)), tf.mul(a, b))),
  FloorDiv: binary((a, b) => (a.dtype === "int32" ? tf.floorDiv(a, b) : tf.floor(tf.div(a, b)))),
  FloorMod: binary(tf.mod),
  Mod: binary(truncatedRemainder),
  TruncateMod: binary(truncatedRemainder),
  Maximum: binary(tf.maximum),
  Minimum: binary(tf.minimum),
  // A back end gives 0 for a negative power of a whole number, and floats where products leave 32 bits.
  Pow: {
    ...floatPower,
    host: (attributes) => (isWholeType(attributes.type("T")) ? [0, 1] : []),
    run: (call) => (isWholeType(call.attributes.type("T")) ? exactBinary(call) : floatPower.run(call)),
  },
  SquaredDifference: binary(tf.squaredDifference),
  Atan2: binary(tf.atan2),
  Xdivy: binary((x, y) => tf.where(tf.equal(x, 0), tf.zerosLike(tf.add(x, y)), tf.div(x, y))),
  Xlogy: binary((x, y) => tf.where(tf.equal(x, 0), tf.zerosLike(tf.add(x, y)), tf.mul(x, tf.log(y)))),
  Xlog1py: binary((x, y) => tf.where(tf.equal(x, 0), tf.zerosLike(tf.add(x, y)), tf.mul(x, tf.log1p(y)))),
  AddN: { host: allOfWide, run: addAll },
  AccumulateNV2: { host: allOfWide, run: addAll },
  BiasAdd: { run: biasAdd },
  BiasAddV1: { run: biasAdd },
  Equal: compare(tf.equal),
  NotEqual: compare(tf.notEqual),
  ApproximateEqual: {
    run: (call) =>
      tf.less(tf.abs(tf.sub(call.tensor(0), call.tensor(1))), call.attributes.float("tolerance", 1e-5)),
  },
  Greater: compare(tf.greater),
  GreaterEqual: compare(tf.greaterEqual),
  Less: compare(tf.less),
  LessEqual: compare(tf.lessEqual),
  LogicalAnd: { work: broadcastWork, run: (call) => tf.logicalAnd(call.tensor(0), call.tensor(1)) },
  LogicalOr: { work: broadcastWork, run: (call) => tf.logicalOr(call.tensor(0), call.tensor(1)) },
  LogicalNot: { run: (call) => tf.logicalNot(call.tensor(0)) },
  BitwiseAnd: bits((a, b) => a & b),
  BitwiseOr: bits((a, b) => a | b),
  BitwiseXor: bits((a, b) => a ^ b),
  LeftShift: shifted((a, b) => a << b),
  RightShift: shifted((a, b) => a >> b),
  Invert: {
    host: wideHost(1),
    run: (call) =>
      needsExact(call)
        ? exactUnary(call)
        : wrapped(tf.sub(tf.scalar(-1, "int32"), call.tensor(0)), call.attributes.type("T")),
  },
  PopulationCount: hostly(1, (x) => {
    let count = 0;
    for (let bits = x >>> 0; bits !== 0; bits = (bits & (bits - 1)) >>> 0) count++;
    return count;
  }),
  Zeta: hostly(2, zeta),
  Polygamma: hostly(2, (n, x) =>
    n < 0 || !Number.isInteger(n)
      ? NaN
      : n === 0
        ? digamma(x)
        : (n % 2 === 0 ? -1 : 1) * Math.exp(lgamma(n + 1)) * zeta(n + 1, x),
  ),
  BesselI0: hostly(1, (x) => besselI(0, x)),
  BesselI1: hostly(1, (x) => besselI(1, x)),
  BesselI0e: hostly(1, (x) => besselIe(0, x)),
  BesselI1e: hostly(1, (x) => besselIe(1, x)),
  // Outside of where they are defined TensorFlow gives NaN.
  Betainc: hostly(3, (a, b, x) => (a <= 0 || b <= 0 || x < 0 || x > 1 ? NaN : betainc(a, b, x))),
  Igamma: hostly(2, (a, x) => (a <= 0 || x < 0 ? NaN : igamma(a, x))),
  Igammac: hostly(2, (a, x) => (a <= 0 || x < 0 ? NaN : 1 - igamma(a, x))),
  NextAfter: hostly(2, nextAfter),
  // Whole numbers beyond 32 bits can come of floats.
  Cast: { host: (attributes) => (floatToWide(attributes) ? [0] : []), run: cast },
  ...unaryTable(),
};

/** 1 to any power is 1, also to NaN; so is -1 to an infinite one (IEEE 754). */
function powered(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const power = tf.pow(a, b);
  return power.dtype === "float32" ? tf.where(isOne(a, b), tf.onesLike(power), power) : power;
}

function isOne(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return tf.logicalOr(tf.equal(a, 1), tf.logicalAnd(tf.equal(tf.abs(a), 1), tf.isInf(b)));
}

/** The float32 beside `a` on the way to `b`. */
function nextAfter(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return NaN;
  if (a === b) return b;
  if (a === 0) return Math.sign(b) * 2 ** -149;
  const bits = new Int32Array(1);
  const float = new Float32Array(bits.buffer);
  float[0] = a;
  // Farther from 0 where both lead the same way.
  bits[0]! += a > 0 === b > a ? 1 : -1;
  return float[0];
}

function allOfWide(attributes: Attributes): number[] {
  return wideHost(attributes.int("N"))(attributes);
}

function addAll(call: OpCall): GraphValue {
  const lists = call.inputs.filter((value) => value instanceof TensorList);
  if (lists.length > 0 && lists.length === call.count) return addLists(call, lists);
  return needsExact(call) ? exactSum(call) : wrapped(tf.addN(call.tensors()), call.attributes.type("T"));
}

function binary(op: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Kernel {
  return {
    host: wideHost(2),
    work: broadcastWork,
    run: (call) => {
      if (call.value(0) instanceof StringTensor && op === tf.add) return addStrings(call);
      if (call.inputs.some((value) => value instanceof ComplexTensor)) return complexBinary(call);
      if (needsExact(call)) return exactBinary(call);
      return wrapped(op(call.tensor(0), call.tensor(1)), call.attributes.type("T"));
    },
  };
}

function addStrings(call: OpCall): StringTensor {
  const { shape, pairs } = broadcastStrings(call.strings(0), call.strings(1));
  return new StringTensor(
    shape,
    pairs.map(([a, b]) => Buffer.concat([a, b])),
  );
}

function towardsZero(x: tf.Tensor): tf.Tensor {
  return tf.mul(tf.sign(x), tf.floor(tf.abs(x)));
}

function truncatedRemainder(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const whole = a.dtype === "int32" ? wholeQuotient(a, b) : towardsZero(tf.div(a, b));
  return tf.sub(a, tf.mul(whole, b));
}

/** Of whole numbers, towards 0; not by way of floats, which hold not every one beyond 2^24. */
function wholeQuotient(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const below = tf.floorDiv(a, b);
  const rest = tf.notEqual(tf.mul(below, b), a);
  const negative = tf.notEqual(tf.less(a, 0), tf.less(b, 0));
  return tf.add(below, tf.cast(tf.logicalAnd(rest, negative), "int32"));
}

function biasAdd(call: OpCall): tf.Tensor {
  const x = call.tensor(0);
  const bias = call.tensor(1);
  if (call.attributes.text("data_format", "NHWC") !== "NCHW") return tf.add(x, bias);
  return tf.add(x, tf.reshape(bias, [1, bias.size, ...new Array<number>(x.rank - 2).fill(1)]));
}

function compare(op: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Kernel {
  return {
    host: wideHost(2),
    work: broadcastWork,
    run: (call) => {
      const a = call.value(0);
      const b = call.value(1);
      if (a instanceof StringTensor && b instanceof StringTensor) return compareStrings(call, a, b);
      if (call.inputs.some((value) => value instanceof ComplexTensor)) return complexBinary(call);
      if (needsExact(call)) return exactComparison(call);
      // `==` on shapes that do not fit together is one answer, where the graph says so.
      if (!call.attributes.bool("incompatible_shape_error", true) && !canBroadcast(call))
        return tf.scalar(call.step.op === "NotEqual", "bool");
      return op(call.tensor(0), call.tensor(1));
    },
  };
}

function canBroadcast(call: OpCall): boolean {
  const [a, b] = [[...call.shapeOf(0)].reverse(), [...call.shapeOf(1)].reverse()];
  return a.every((dim, d) => b[d] === undefined || dim === 1 || b[d] === 1 || dim === b[d]);
}

function compareStrings(call: OpCall, a: StringTensor, b: StringTensor): tf.Tensor {
  const { shape, pairs } = broadcastStrings(a, b);
  const wanted = call.step.op === "Equal";
  return tf.tensor(
    pairs.map(([x, y]) => (Buffer.compare(x, y) === 0) === wanted),
    shape,
    "bool",
  );
}

/** Integer bits, on the host: most back ends have no such kernels. */
function bits(op: (a: number, b: number) => number): Kernel {
  const small = hostly(2, op);
  return {
    host: [0, 1],
    work: broadcastWork,
    run: (call) =>
      needsExact(call) ? exactBinary(call) : wrapped(small.run(call) as tf.Tensor, call.attributes.type("T")),
  };
}

/** Bits moved by as many places as the type has at most. */
function shifted(op: (a: number, b: number) => number): Kernel {
  return {
    ...bits(op),
    run: (call) => {
      const count = shiftOf(call.attributes.type("T"));
      return bits((a, b) => op(a, count(b))).run(call);
    },
  };
}

/** Element by element on the host, for rare functions; inputs are broadcast. */
export function hostly(count: number, op: (a: number, b: number, c: number) => number): Kernel {
  return {
    host: Array.from({ length: count }, (_, i) => i),
    work: broadcastWork,
    run: (call) => {
      const inputs = call.tensors(0, count);
      const shape = inputs
        .map((input) => input.shape)
        .reduce((a, b) => tf.backend_util.assertAndGetBroadcastShape(a, b));
      const [a, b, c] = inputs.map((input) => broadcastTo(input, shape).dataSync());
      const values = Array.from({ length: a!.length }, (_, i) => op(a![i]!, b?.[i] ?? 0, c?.[i] ?? 0));
      return tf.tensor(values, shape, inputs[0]!.dtype);
    },
  };
}

function unaryTable(): Record<string, Kernel> {
  const ops: Record<string, (x: tf.Tensor) => tf.Tensor> = {
    Abs: tf.abs,
    Acos: tf.acos,
    Acosh: tf.acosh,
    Asin: tf.asin,
    Asinh: tf.asinh,
    Atan: tf.atan,
    Atanh: tf.atanh,
    Ceil: tf.ceil,
    Cos: tf.cos,
    Cosh: tf.cosh,
    Elu: tf.elu,
    Erf: tf.erf,
    Erfc: (x) => tf.sub(1, tf.erf(x)),
    Exp: tf.exp,
    Expm1: tf.expm1,
    Floor: tf.floor,
    Inv: tf.reciprocal,
    IsFinite: tf.isFinite,
    IsInf: tf.isInf,
    IsNan: tf.isNaN,
    Log: tf.log,
    Log1p: tf.log1p,
    Neg: tf.neg,
    Reciprocal: tf.reciprocal,
    Relu: tf.relu,
    Relu6: tf.relu6,
    Rint: tf.round,
    Round: (x) => (x.dtype === "int32" ? tf.clone(x) : tf.round(x)),
    Rsqrt: tf.rsqrt,
    Selu: tf.selu,
    Sigmoid: tf.sigmoid,
    // NaN stays NaN.
    Sign: (x) => (x.dtype === "float32" ? tf.where(tf.isNaN(x), x, tf.sign(x)) : tf.sign(x)),
    Sin: tf.sin,
    Sinh: tf.sinh,
    Softplus: tf.softplus,
    Softsign: (x) => tf.div(x, tf.add(tf.abs(x), 1)),
    Sqrt: tf.sqrt,
    Square: tf.square,
    Tan: tf.tan,
    Tanh: tf.tanh,
  };
  const table: Record<string, Kernel> = {
    LeakyRelu: { run: (call) => tf.leakyRelu(call.tensor(0), call.attributes.float("alpha", 0.2)) },
    Prelu: { run: (call) => tf.prelu(call.tensor(0), call.tensor(1)) },
    Softmax: { run: (call) => tf.softmax(call.tensor(0)) },
    LogSoftmax: { run: (call) => tf.logSoftmax(call.tensor(0)) },
    Lgamma: hostly(1, lgamma),
    Digamma: hostly(1, digamma),
    Erfinv: hostly(1, erfinv),
    Ndtri: hostly(1, ndtri),
  };
  for (const [name, op] of Object.entries(ops))
    table[name] = { host: wideHost(1), run: (call) => unary(call, op) };
  return table;
}

function unary(call: OpCall, op: (x: tf.Tensor) => tf.Tensor): GraphValue {
  const x = call.value(0);
  if (x instanceof ComplexTensor) return complexUnary(call, x);
  if (/^(Abs|Neg|Sign|Square|Relu)$/.test(call.step.op) && needsExact(call)) return exactUnary(call);
  return wrapped(op(call.tensor(0)), call.attributes.type("T"));
}
