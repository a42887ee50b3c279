import * as tf from "@tensorflow/tfjs";
import { stopGradient } from "./stop-gradient.js";
import { divideNoNan } from "./divide-no-nan.js";
import { broadcastTo } from "./broadcast.js";
import { halfType, roundToHalf } from "./half-precision.js";
import { bool, dtypeOf, float, int, number, tensor } from "./values.js";
import { operation, type Operation } from "./operation.js";

/** keras/ops/numpy.py and math.py: operations on each element by itself. */
export const ELEMENTWISE: readonly Operation[] = [
  ...Object.entries<(x: tf.Tensor) => tf.Tensor>({
    Arccos: tf.acos,
    Arccosh: tf.acosh,
    Arcsin: tf.asin,
    Arcsinh: tf.asinh,
    Arctan: tf.atan,
    Arctanh: tf.atanh,
    Cbrt: (x) => tf.mul(tf.sign(x), tf.pow(tf.abs(x), 1 / 3)),
    Ceil: tf.ceil,
    Cos: tf.cos,
    Cosh: tf.cosh,
    Deg2rad: (x) => tf.mul(x, Math.PI / 180),
    Erf: tf.erf,
    Erfc: (x) => tf.sub(1, tf.erf(x)),
    Exp: tf.exp,
    Exp2: (x) => tf.exp(tf.mul(x, Math.LN2)),
    Expm1: tf.expm1,
    Fabs: tf.abs,
    Floor: tf.floor,
    Isfinite: tf.isFinite,
    Isinf: tf.isInf,
    Isnan: tf.isNaN,
    Isneginf: (x) => tf.equal(x, -Infinity),
    Isposinf: (x) => tf.equal(x, Infinity),
    Isreal: (x) => tf.onesLike(x).cast("bool"),
    Log: tf.log,
    Log10: (x) => tf.div(tf.log(x), Math.LN10),
    Log1p: tf.log1p,
    Log2: (x) => tf.div(tf.log(x), Math.LN2),
    Rad2deg: (x) => tf.mul(x, 180 / Math.PI),
    Reciprocal: tf.reciprocal,
    Rsqrt: tf.rsqrt,
    Sign: (x) => tf.where(tf.isNaN(tf.cast(x, "float32")), x, tf.sign(x)),
    // Zero has a sign, too.
    Signbit: (x) => tf.less(tf.where(tf.equal(x, 0), tf.reciprocal(x), x), 0),
    Sin: tf.sin,
    Sinc: (x) => {
      const turned = tf.mul(x, Math.PI);
      const safe = tf.where(tf.equal(turned, 0), tf.onesLike(turned), turned);
      return tf.where(tf.equal(turned, 0), tf.onesLike(turned), tf.div(tf.sin(safe), safe));
    },
    Sinh: tf.sinh,
    Sqrt: tf.sqrt,
    Tan: tf.tan,
    Tanh: tf.tanh,
    Trunc: (x) => tf.mul(tf.sign(x), tf.floor(tf.abs(x))),
  }).map(([name, compute]) => operation(name, "x", ({ x }) => compute(float(x)))),
  // Whole numbers stay whole.
  ...Object.entries<(x: tf.Tensor) => tf.Tensor>({
    Abs: tf.abs,
    Absolute: tf.abs,
    Negative: tf.neg,
    Square: tf.square,
  }).map(([name, compute]) =>
    operation(name, "x", ({ x }) => {
      const given = tensor(x);
      return compute(given.dtype === "int32" ? given : float(given));
    }),
  ),
  ...["Conj", "Conjugate", "ConvertToTensor", "Copy", "Real", "Identity"].map((name) =>
    operation(name, "x", (values) => tf.clone(tensor(values["x"] ?? values["variable"]))),
  ),
  operation("StopGradient", "x", (values) => stopGradient(tensor(values["x"] ?? values["variable"]))),
  ...Object.entries<(a: tf.Tensor, b: tf.Tensor) => tf.Tensor>({
    Add: tf.add,
    Equal: tf.equal,
    // tfjs's floorDiv gives int32, of fractions too.
    FloorDivide: (a, b) =>
      a.dtype === "float32" || b.dtype === "float32" ? tf.floor(tf.div(a, b)) : tf.floorDiv(a, b),
    Fmax: (a, b) => whereNumbers(a, b, tf.maximum),
    Fmin: (a, b) => whereNumbers(a, b, tf.minimum),
    Fmod: (a, b) => tf.mul(tf.sign(a), tf.mod(tf.abs(a), tf.abs(b))),
    Greater: tf.greater,
    GreaterEqual: tf.greaterEqual,
    Less: tf.less,
    LessEqual: tf.lessEqual,
    Maximum: tf.maximum,
    Minimum: tf.minimum,
    Mod: tf.mod,
    Multiply: tf.mul,
    NotEqual: tf.notEqual,
    Power: (a, b) => (a.dtype === "int32" && isNegative(b) ? tf.pow(tf.cast(a, "float32"), b) : tf.pow(a, b)),
    SquaredDifference: tf.squaredDifference,
    Subtract: tf.sub,
  }).map(([name, compute]) => operation(name, "x1 x2", ({ x1, x2 }) => compute(...together(x1, x2)))),
  // Floats, also of integers.
  ...Object.entries<(a: tf.Tensor, b: tf.Tensor) => tf.Tensor>({
    Arctan2: tf.atan2,
    Divide: tf.div,
    DivideNoNan: divideNoNan,
    Hypot: (a, b) => lengthOf(tf.abs(a), tf.abs(b)),
    Logaddexp: (a, b) => logAddExp(a, b),
    Logaddexp2: (a, b) => tf.div(logAddExp(tf.mul(a, Math.LN2), tf.mul(b, Math.LN2)), Math.LN2),
    TrueDivide: tf.div,
  }).map(([name, compute]) => operation(name, "x1 x2", ({ x1, x2 }) => compute(float(x1), float(x2)))),
  operation("Heaviside", "x1 x2", ({ x1, x2 }) => {
    const x = float(x1);
    const sides = tf.where(tf.isNaN(x), x, tf.cast(tf.greater(x, 0), "float32"));
    return tf.where(tf.equal(x, 0), float(x2), sides);
  }),
  operation("Isclose", "x1 x2 rtol atol", ({ x1, x2, rtol, atol }) => {
    const [a, b] = [float(x1), float(x2)];
    const limit = tf.add(tf.mul(tf.abs(b), number(rtol, 1e-5)), number(atol, 1e-8));
    return tf.lessEqual(tf.abs(tf.sub(a, b)), limit);
  }),
  operation("Ldexp", "x1 x2", ({ x1, x2 }) => tf.mul(float(x1), tf.pow(2, float(x2)))),
  operation("LogicalAnd", "x1 x2", ({ x1, x2 }) => tf.logicalAnd(bool(x1), bool(x2))),
  operation("LogicalOr", "x1 x2", ({ x1, x2 }) => tf.logicalOr(bool(x1), bool(x2))),
  operation("LogicalXor", "x1 x2", ({ x1, x2 }) => tf.logicalXor(bool(x1), bool(x2))),
  operation("LogicalNot", "x", ({ x }) => tf.logicalNot(bool(x))),
  operation("Cast", "x dtype", ({ x, dtype }) => cast(tensor(x), String(dtype ?? "float32"))),
  operation("SaturateCast", "x dtype", ({ x, dtype }) => {
    const value = tensor(x);
    const [low, high] = INTEGERS.get(String(dtype)) ?? [-Infinity, Infinity];
    return cast(
      Number.isFinite(low) ? tf.clipByValue(float(value), low, high) : value,
      String(dtype ?? "float32"),
    );
  }),
  operation("Clip", "x x_min x_max", (values) => {
    const { x, x_min: least, x_max: most } = values;
    // Where the bounds cross, the lower one holds.
    const below = most === undefined || most === null ? tensor(x) : tf.minimum(...together(x, most));
    return least === undefined || least === null ? tf.clone(below) : tf.maximum(...together(below, least));
  }),
  operation("Round", "x decimals", ({ x, decimals }) => {
    if (x instanceof tf.Tensor && x.dtype === "int32" && number(decimals, 0) >= 0) return tf.clone(x);
    const scale = 10 ** number(decimals, 0);
    return scale === 1 ? tf.round(float(x)) : tf.div(tf.round(tf.mul(float(x), scale)), scale);
  }),
  operation("NanToNum", "x", ({ x, nan, posinf, neginf }) => {
    const value = float(x);
    const replace = (where: tf.Tensor, by: number, otherwise: tf.Tensor) =>
      tf.where(where, tf.fill(otherwise.shape, by), otherwise);
    const numbers = replace(tf.isNaN(value), number(nan, 0), value);
    const top = replace(tf.equal(numbers, Infinity), number(posinf, 3.4028234663852886e38), numbers);
    return replace(tf.equal(top, -Infinity), number(neginf, -3.4028234663852886e38), top);
  }),
  operation("Where", "condition x1 x2", ({ condition, x1, x2 }) => {
    const [a, b] = together(x1, x2);
    const mask = bool(condition);
    const shape = tf.backend_util.assertAndGetBroadcastShape(
      tf.backend_util.assertAndGetBroadcastShape(a.shape, b.shape),
      mask.shape,
    );
    const spread = (x: tf.Tensor) => broadcastTo(x, shape);
    return tf.where(tf.cast(spread(tf.cast(mask, "int32")), "bool"), spread(a), spread(b));
  }),
  ...Object.entries<(a: number, b: number) => number>({
    BitwiseAnd: (a, b) => a & b,
    BitwiseOr: (a, b) => a | b,
    BitwiseXor: (a, b) => a ^ b,
    LeftShift: (a, b) => a << places(b),
    BitwiseLeftShift: (a, b) => a << places(b),
    RightShift: (a, b) => a >> places(b),
    BitwiseRightShift: (a, b) => a >> places(b),
  }).map(([name, compute]) =>
    operation(name, "x y", (values) =>
      bitwise(values["x"] ?? values["x1"], values["y"] ?? values["x2"], compute),
    ),
  ),
];

/** Both operands in one type: two integers stay integers, anything else is float32. */
export function together(
  first: Parameters<typeof tensor>[0],
  second: Parameters<typeof tensor>[0],
): [tf.Tensor, tf.Tensor] {
  const integer = (value: typeof first) => value instanceof tf.Tensor && value.dtype === "int32";
  const dtype = integer(first) || integer(second) ? "int32" : "float32";
  const whole = (value: typeof first) => integer(value) || Number.isInteger(value);
  if (dtype === "int32" && whole(first) && whole(second)) {
    return [tensor(first, "int32"), tensor(second, "int32")];
  }
  return [float(first), float(second)];
}

/** Ranges of the integers that tfjs keeps in wider ones. */
const INTEGERS: ReadonlyMap<string, readonly [low: number, high: number]> = new Map([
  ["uint8", [0, 255]],
  ["int8", [-128, 127]],
  ["uint16", [0, 65535]],
  ["int16", [-32768, 32767]],
]);

/** Whole numbers of `width` from `least` on: those beyond begin anew at the other end. Float32 has not all their digits. */
export function turnedOver(x: tf.Tensor, least: number, width: number): tf.Tensor {
  const [low, size] = [tf.scalar(least, "int32"), tf.scalar(width, "int32")];
  return tf.add(tf.mod(tf.sub(x, low), size), low);
}

/** Narrow integers turn over at their ends, half precision rounds; both stay in the type that tfjs has. */
function cast(x: tf.Tensor, name: string): tf.Tensor {
  const dtype = dtypeOf(name);
  if (dtype === "bool") return tf.notEqual(x, 0);
  const range = INTEGERS.get(name);
  if (range) {
    const width = range[1] - range[0] + 1;
    return turnedOver(tf.cast(x, "int32"), range[0], width);
  }
  const half = halfType(name);
  return half === null ? tf.cast(x, dtype) : roundToHalf(tf.cast(x, "float32"), half);
}

/** Of two numbers as they are; where only one is a number, that one. */
function whereNumbers(
  a: tf.Tensor,
  b: tf.Tensor,
  compute: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  if (a.dtype !== "float32") return compute(a, b);
  return compute(tf.where(tf.isNaN(a), b, a), tf.where(tf.isNaN(b), a, b));
}

/** Without the squares of large numbers, which are infinite. */
function lengthOf(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const longest = tf.maximum(a, b);
  const ratio = divideNoNan(tf.minimum(a, b), longest);
  return tf.mul(longest, tf.sqrt(tf.add(tf.square(ratio), 1)));
}

/** A constant: whole numbers have no such powers, and a file does not tell -1 from -1.0. */
function isNegative(x: tf.Tensor): boolean {
  return x.rank === 0 && x.dataSync()[0]! < 0;
}

function logAddExp(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  // Two infinities of one sign have no difference.
  const apart = tf.where(tf.equal(a, b), tf.scalar(0), tf.abs(tf.sub(a, b)));
  return tf.add(tf.maximum(a, b), tf.log1p(tf.exp(tf.neg(apart))));
}

/** TensorFlow shifts by no fewer places than none, and by no more than an integer has. */
function places(count: number): number {
  return Math.min(Math.max(count, 0), 31);
}

/** No back end has these for negative numbers: they are computed on the host. */
function bitwise(
  first: Parameters<typeof tensor>[0],
  second: Parameters<typeof tensor>[0],
  compute: (a: number, b: number) => number,
): tf.Tensor {
  const [x, y] = [int(first), int(second)];
  const shape = tf.backend_util.assertAndGetBroadcastShape(x.shape, y.shape);
  const [a, b] = [x, y].map((value) => broadcastTo(value, shape).dataSync());
  return tf.tensor(
    Int32Array.from(a!, (value, i) => compute(value, b![i]!)),
    shape,
    "int32",
  );
}
