import * as tf from "@tensorflow/tfjs";
import { broadcastTo } from "../../ops/broadcast.js";
import { DataType } from "../../formats/proto/tensorflow_pb.js";
import type { Attributes } from "../attributes.js";
import type { OpCall } from "../kernel.js";
import { WideIntegers } from "../value.js";

/** Bits of the integer types that are narrower than a back end's int32; negative when they have a sign. */
const NARROW: ReadonlyMap<DataType | null, number> = new Map([
  [DataType.DT_INT8, -8],
  [DataType.DT_UINT8, 8],
  [DataType.DT_INT16, -16],
  [DataType.DT_UINT16, 16],
]);

const WIDE = new Set<DataType | null>([DataType.DT_INT64, DataType.DT_UINT64, DataType.DT_UINT32]);

/** Types whose values need not fit a back end's int32: they are computed on the host, exactly. */
export function isWideType(type: DataType | null): boolean {
  return WIDE.has(type);
}

/** Types of whole numbers, of any width. */
export function isWholeType(type: DataType | null): boolean {
  return type === DataType.DT_INT32 || NARROW.has(type) || WIDE.has(type);
}

/** Inputs that have to be read before an op on integers that may be wide. */
export function wideHost(count: number): (attributes: Attributes) => number[] {
  return (attributes) => (isWideType(attributes.type("T")) ? Array.from({ length: count }, (_, i) => i) : []);
}

/** Results of 8 and 16 bits wrap around as they do in TensorFlow. */
export function wrapped(x: tf.Tensor, type: DataType | null): tf.Tensor {
  const bits = NARROW.get(type);
  if (bits === undefined || x.dtype !== "int32") return x;
  const span = tf.scalar(2 ** Math.abs(bits), "int32");
  if (bits > 0) return tf.mod(x, span);
  const half = tf.scalar(2 ** (-bits - 1), "int32");
  return tf.sub(tf.mod(tf.add(x, half), span), half);
}

/** The elements of an integer input, exact. */
export function bigints(call: OpCall, index: number): bigint[] {
  const value = call.value(index);
  return value instanceof WideIntegers
    ? [...value.values]
    : Array.from(call.tensor(index).dataSync(), (number) => BigInt(number));
}

/** Integers as a tensor of the back end where they fit, else kept apart. */
export function integersOf(values: readonly bigint[], shape: readonly number[]): tf.Tensor | WideIntegers {
  const narrow = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value > 0x7fffffffn || value < -0x80000000n) return new WideIntegers(shape, values);
    narrow[i] = Number(value);
  }
  return tf.tensor(narrow, [...shape], "int32");
}

/** Cuts a result to the bits of its type. */
export function fitTo(type: DataType | null): (value: bigint) => bigint {
  if (type === DataType.DT_UINT64) return (value) => BigInt.asUintN(64, value);
  if (type === DataType.DT_UINT32) return (value) => BigInt.asUintN(32, value);
  if (type === DataType.DT_INT32) return (value) => BigInt.asIntN(32, value);
  return (value) => BigInt.asIntN(64, value);
}

/** Bits of a whole number's type; negative where it has a sign. */
function bitsOf(type: DataType | null): number {
  if (type === DataType.DT_UINT64) return 64;
  if (type === DataType.DT_UINT32) return 32;
  return NARROW.get(type) ?? (type === DataType.DT_INT64 ? -64 : -32);
}

/** The least and the greatest number of a whole number's type. */
export function boundsOf(type: DataType | null): readonly [bigint, bigint] {
  const bits = bitsOf(type);
  if (bits > 0) return [0n, 2n ** BigInt(bits) - 1n];
  const half = 2n ** BigInt(-bits - 1);
  return [-half, half - 1n];
}

/** By how much bits are moved at most: TensorFlow takes negative counts for 0, and large ones for one less than all. */
export function shiftOf(type: DataType | null): (count: number) => number {
  const most = Math.abs(bitsOf(type)) - 1;
  return (count) => Math.min(most, Math.max(0, count));
}

type Exact = (a: bigint, b: bigint) => bigint;

const BINARY: ReadonlyMap<string, Exact> = new Map<string, Exact>([
  ["Add", (a, b) => a + b],
  ["AddV2", (a, b) => a + b],
  ["Sub", (a, b) => a - b],
  ["Mul", (a, b) => a * b],
  ["Maximum", (a, b) => (a > b ? a : b)],
  ["Minimum", (a, b) => (a < b ? a : b)],
  ["SquaredDifference", (a, b) => (a - b) * (a - b)],
  ["Pow", power],
  ["Div", (a, b) => a / b],
  ["TruncateDiv", (a, b) => a / b],
  ["FloorDiv", (a, b) => (a - floorMod(a, b)) / b],
  ["FloorMod", floorMod],
  ["Mod", (a, b) => a % b],
  ["TruncateMod", (a, b) => a % b],
  ["BitwiseAnd", (a, b) => a & b],
  ["BitwiseOr", (a, b) => a | b],
  ["BitwiseXor", (a, b) => a ^ b],
  ["LeftShift", (a, b) => a << b],
  ["RightShift", (a, b) => a >> b],
]);

function floorMod(a: bigint, b: bigint): bigint {
  const rest = a % b;
  return rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest;
}

/** By squaring, in 64 bits as in TensorFlow. */
function power(base: bigint, exponent: bigint): bigint {
  if (exponent < 0n) throw new NegativePower();
  let result = 1n;
  for (let [square, left] = [base, exponent]; left > 0n; left >>= 1n) {
    if (left % 2n === 1n) result = BigInt.asIntN(64, result * square);
    square = BigInt.asIntN(64, square * square);
  }
  return result;
}

/** TensorFlow raises no whole number to a negative power, not even 1. */
class NegativePower extends Error {}

/** Whether an op has to be computed exactly: its type is wide, or an input does not fit the back end. */
export function needsExact(call: OpCall, type = call.attributes.type("T")): boolean {
  if (call.inputs.some((value) => value instanceof WideIntegers)) return true;
  return isWideType(type);
}

/** A binary op on whole numbers. */
export function exactBinary(call: OpCall): tf.Tensor | WideIntegers {
  const type = call.attributes.type("T");
  const exact = BINARY.get(call.step.op);
  if (exact === undefined) throw call.overflow();
  const { shape, pairs } = broadcastIntegers(call);
  const [fit, shift] = [fitTo(type), shiftOf(type)];
  const op: Exact = /Shift$/.test(call.step.op) ? (a, b) => exact(a, BigInt(shift(Number(b)))) : exact;
  try {
    return integersOf(
      pairs.map(([a, b]) => fit(op(a, b))),
      shape,
    );
  } catch (error) {
    if (error instanceof RangeError) throw call.error("G11", "a whole number is divided by zero");
    if (error instanceof NegativePower)
      throw call.error("G11", "a whole number is raised to a negative power");
    throw error;
  }
}

const COMPARE: ReadonlyMap<string, (a: bigint, b: bigint) => boolean> = new Map([
  ["Equal", (a, b) => a === b],
  ["NotEqual", (a, b) => a !== b],
  ["Less", (a, b) => a < b],
  ["LessEqual", (a, b) => a <= b],
  ["Greater", (a, b) => a > b],
  ["GreaterEqual", (a, b) => a >= b],
]);

export function exactComparison(call: OpCall): tf.Tensor {
  const { shape, pairs } = broadcastIntegers(call);
  const holds = COMPARE.get(call.step.op)!;
  return tf.tensor(
    pairs.map(([a, b]) => holds(a, b)),
    shape,
    "bool",
  );
}

function broadcastIntegers(call: OpCall): { shape: number[]; pairs: [bigint, bigint][] } {
  const [left, right] = [[...call.shapeOf(0)], [...call.shapeOf(1)]];
  const shape = tf.backend_util.assertAndGetBroadcastShape(left, right);
  const [a, b] = [bigints(call, 0), bigints(call, 1)];
  const [from, to] = [left, right].map((own) => placesIn(own, shape)) as [Int32Array, Int32Array];
  return { shape, pairs: Array.from(from, (at, i) => [a[at]!, b[to[i]!]!]) };
}

/** For each element of a broadcast shape its place in the tensor that was broadcast. */
function placesIn(shape: number[], full: number[]): Int32Array {
  const size = shape.reduce((n, dim) => n * dim, 1);
  const numbers = tf.tensor(
    Int32Array.from({ length: size }, (_, i) => i),
    shape,
    "int32",
  );
  return broadcastTo(numbers, full).dataSync() as Int32Array;
}

const UNARY: ReadonlyMap<string, Exact> = new Map<string, Exact>([
  ["Abs", (a) => (a < 0n ? -a : a)],
  ["Neg", (a) => -a],
  ["Sign", (a) => (a > 0n ? 1n : a < 0n ? -1n : 0n)],
  ["Square", (a) => a * a],
  ["Invert", (a) => ~a],
  ["Relu", (a) => (a > 0n ? a : 0n)],
]);

export function exactUnary(call: OpCall): tf.Tensor | WideIntegers {
  const op = UNARY.get(call.step.op);
  if (op === undefined) throw call.overflow();
  const fit = fitTo(call.attributes.type("T"));
  return integersOf(
    bigints(call, 0).map((a) => fit(op(a, 0n))),
    call.shapeOf(0),
  );
}

/** Wide integers by their places in ascending order, which a back end can compare: equal ones have one place. */
export function ranked({ shape, values }: WideIntegers): { ranks: tf.Tensor; inOrder: readonly bigint[] } {
  const inOrder = [...new Set(values)].sort((a, b) => (a < b ? -1 : 1));
  const rank = new Map(inOrder.map((value, i) => [value, i]));
  return {
    ranks: tf.tensor(
      Int32Array.from(values, (value) => rank.get(value)!),
      [...shape],
      "int32",
    ),
    inOrder,
  };
}

/** Running sums or products along an axis, exact. */
export function exactRunning(
  call: OpCall,
  axis: number,
  start: bigint,
  combine: Exact,
): tf.Tensor | WideIntegers {
  const shape = call.shapeOf(0);
  const values = bigints(call, 0);
  const fit = fitTo(call.attributes.type("T"));
  const { attributes } = call;
  const [exclusive, reverse] = [attributes.bool("exclusive"), attributes.bool("reverse")];
  const along = (axis + shape.length) % shape.length;
  const inner = shape.slice(along + 1).reduce((n, dim) => n * dim, 1);
  const length = shape[along]!;
  const out = new Array<bigint>(values.length);
  for (let row = 0; row < values.length / Math.max(1, length); row++) {
    const first = Math.floor(row / inner) * inner * length + (row % inner);
    let total = start;
    for (let i = 0; i < length; i++) {
      const at = first + (reverse ? length - 1 - i : i) * inner;
      const next = fit(combine(total, values[at]!));
      out[at] = exclusive ? total : next;
      total = next;
    }
  }
  return integersOf(out, shape);
}

/** The sum of all inputs, which have one shape. */
export function exactSum(call: OpCall): tf.Tensor | WideIntegers {
  const all = call.inputs.map((_, i) => bigints(call, i));
  const fit = fitTo(call.attributes.type("T"));
  return integersOf(
    all[0]!.map((_, at) => fit(all.reduce((sum, values) => sum + values[at]!, 0n))),
    call.shapeOf(0),
  );
}
