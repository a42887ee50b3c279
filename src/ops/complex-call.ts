import * as tf from "@tensorflow/tfjs";
import type { CallValue } from "../layers/computed-layer.js";
import { graphTensor } from "./graph-op.js";
import type { Values } from "./operation.js";
import type { NamedCall } from "./tensorflow/call.js";

/** Functions that know complex tensors themselves. */
const OWN =
  /^(math\.(real|imag|conj|angle)|signal\.(i?r?fft\w*|inverse_stft|i?fftshift)|shape|size|rank|shape_n)$/;

/** Functions of each part by itself: they move elements, or add them up. */
const OF_PARTS =
  /^(reshape|transpose|expand_dims|squeeze|concat|stack|unstack|split|tile|repeat|pad|reverse|roll|gather|gather_nd|slice|strided_slice|identity|stop_gradient|broadcast_to|zeros_like|math\.(reduce_sum|reduce_mean|cumsum|add_n)|__operators__\.getitem)$/;

/** Functions of numbers, by the op of a graph that computes them. */
const OPS: ReadonlyMap<string, string> = new Map([
  ["math.abs", "ComplexAbs"],
  ["math.add", "AddV2"],
  ["__operators__.add", "AddV2"],
  ["math.subtract", "Sub"],
  ["math.multiply", "Mul"],
  ["math.divide", "RealDiv"],
  ["math.truediv", "RealDiv"],
  ["realdiv", "RealDiv"],
  ["math.divide_no_nan", "DivNoNan"],
  ["math.pow", "Pow"],
  ["math.equal", "Equal"],
  ["math.not_equal", "NotEqual"],
  ["math.negative", "Neg"],
  ["math.exp", "Exp"],
  ["math.log", "Log"],
  ["math.square", "Square"],
  ["math.sqrt", "Sqrt"],
  ["math.rsqrt", "Rsqrt"],
  ["math.reciprocal", "Reciprocal"],
  ["math.sin", "Sin"],
  ["math.cos", "Cos"],
  ["math.tanh", "Tanh"],
  ["math.sigmoid", "Sigmoid"],
  ["math.sign", "Sign"],
]);

/**
 * A function that is given complex tensors: most kernels would take one for a real tensor.
 * @throws Error for a function that is not known of complex numbers
 */
export function withComplex(symbol: string, call: NamedCall): NamedCall {
  return (args, named) => {
    if (![...args, ...Object.values(named)].some(isComplex) || OWN.test(symbol)) return call(args, named);
    if (symbol === "cast") return cast([...args, ...Object.values(named)]);
    const op = OPS.get(symbol);
    if (op !== undefined) return graphTensor(op, operands(args, named));
    if (!OF_PARTS.test(symbol)) throw new Error(`tf.${symbol} of complex numbers is not known here`);
    const [real, imaginary] = [tf.real, tf.imag].map((part) => {
      const result = call(args.map(partOf(part)) as CallValue[], partOf(part)(named) as Values);
      return [result].flat();
    }) as [tf.Tensor[], tf.Tensor[]];
    return real.map((x, i) => tf.complex(x, imaginary[i]!));
  };
}

function isComplex(value: CallValue | undefined): boolean {
  if (value instanceof tf.Tensor) return value.dtype === "complex64";
  return Array.isArray(value) && (value as CallValue[]).some(isComplex);
}

function operands(args: readonly CallValue[], named: Values): tf.Tensor[] {
  const given = [
    ...args,
    ...Object.entries(named).flatMap(([key, value]) => (key === "name" ? [] : [value])),
  ];
  return given.flatMap((value) => {
    if (value instanceof tf.Tensor) return [value];
    return typeof value === "number" ? [tf.scalar(value)] : [];
  });
}

function cast(values: readonly (CallValue | undefined)[]): tf.Tensor {
  const x = values.find((value) => value instanceof tf.Tensor)!;
  if (values.some((value) => typeof value === "string" && /complex/.test(value))) return tf.clone(x);
  return tf.real(x);
}

function partOf(part: (x: tf.Tensor) => tf.Tensor): (value: unknown) => unknown {
  return (value) => {
    if (value instanceof tf.Tensor) return value.dtype === "complex64" ? part(value) : value;
    if (Array.isArray(value)) return value.map(partOf(part));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, partOf(part)(item)]));
  };
}
