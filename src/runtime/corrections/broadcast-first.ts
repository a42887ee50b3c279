import * as tf from "@tensorflow/tfjs";
import { type KernelArguments, type KernelFunction, replaceKernel } from "./kernel.js";

type Values = Float32Array | Int32Array | Uint8Array;

/** What the cpu back end does with tensors inside a kernel. */
interface HostBackend {
  readonly data: { get(dataId: object): { readonly values: Values } };
  makeTensorInfo(shape: number[], dtype: tf.DataType, values: Values): tf.TensorInfo;
  disposeIntermediateTensorInfo(info: tf.TensorInfo): void;
}

const BINARY = ["Add", "Sub", "Multiply", "RealDiv", "FloorDiv", "Mod", "Pow", "Maximum", "Minimum"].concat(
  ["SquaredDifference", "Atan2", "Prelu", "Equal", "NotEqual", "Less", "LessEqual"],
  ["Greater", "GreaterEqual", "LogicalAnd", "LogicalOr"],
);
const NUMBERS: ReadonlySet<string> = new Set(["float32", "int32", "bool"]);

/**
 * Kernels of two operands on the cpu back end take seven times as long where an axis of length 1 is repeated: they
 * look up each number by its place. Here what is smaller is written out before, and not even that where the
 * kernel reads it over and over.
 */
export function broadcastFirst(backendName: string): void {
  for (const name of BINARY) replaceKernel(backendName, name, written);
}

function written(own: KernelFunction): KernelFunction {
  return (args) => {
    const [first, second] = Object.keys(args.inputs) as [string, string];
    const [a, b] = [args.inputs[first]!, args.inputs[second]!];
    if (tf.util.arraysEqual(a.shape, b.shape)) return own(args);
    if (![a, b].every(({ dtype, shape }) => NUMBERS.has(dtype) && tf.util.sizeFromShape(shape) > 0))
      return own(args);
    const shape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
    const isWhole = (info: tf.TensorInfo) => tf.util.arraysEqual(info.shape, shape);
    if (isWhole(a) && isWhole(b)) return own(args);
    if (!isWhole(a) && !isWhole(b)) return withSpread(written(own), args, first, shape);
    const name = isWhole(a) ? second : first;
    const small = args.inputs[name]!;
    const read = repeatedAsItIs(small, shape);
    return read ? withInput(own, args, name, read) : withSpread(own, args, name, shape);
  };
}

/** [1, 1, C] beside [H, W, C] as [C]: the kernel starts again at the end of it. */
function repeatedAsItIs(info: tf.TensorInfo, shape: readonly number[]): tf.TensorInfo | null {
  const begin = info.shape.findIndex((length) => length !== 1);
  const rest = begin < 0 ? [] : info.shape.slice(begin);
  return tf.util.arraysEqual(rest, shape.slice(shape.length - rest.length)) ? { ...info, shape: rest } : null;
}

function withSpread(own: KernelFunction, args: KernelArguments, name: string, shape: number[]) {
  const host = args.backend as unknown as HostBackend;
  const info = args.inputs[name]!;
  const whole = host.makeTensorInfo(
    shape,
    info.dtype,
    spread(host.data.get(info.dataId).values, info.shape, shape),
  );
  try {
    return withInput(own, args, name, whole);
  } finally {
    host.disposeIntermediateTensorInfo(whole);
  }
}

function withInput(own: KernelFunction, args: KernelArguments, name: string, info: tf.TensorInfo) {
  return own({ ...args, inputs: { ...args.inputs, [name]: info } });
}

/** Repeats what has length 1 in `from` and more in `to`, the last axis first. */
function spread(values: Values, from: readonly number[], to: readonly number[]): Values {
  let whole = values;
  let inner = 1;
  for (let axis = to.length - 1; axis >= 0; axis--) {
    const length = from[axis - to.length + from.length] ?? 1;
    if (length !== to[axis]) whole = repeated(whole, inner, to[axis]!);
    inner *= to[axis]!;
  }
  return whole;
}

/** Each block of `size` numbers as often as told. */
function repeated(values: Values, size: number, times: number): Values {
  const result = new (values.constructor as new (length: number) => Values)(values.length * times);
  for (let from = 0, to = 0; from < values.length; from += size, to += size * times) {
    if (size === 1) result.fill(values[from]!, to, to + times);
    else for (let i = 0; i < times; i++) result.set(values.subarray(from, from + size), to + i * size);
  }
  return result;
}
