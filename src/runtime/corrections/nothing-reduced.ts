import * as tf from "@tensorflow/tfjs";
import { replaceKernel, type KernelFunction } from "./kernel.js";

const LARGEST_INT = 2 ** 31 - 1;

/** What is left of no numbers, as in TensorFlow: the neutral element; there is no mean of them. */
const OF_NOTHING: Readonly<Record<string, (dtype: tf.DataType) => number>> = {
  Sum: () => 0,
  Prod: () => 1,
  Mean: () => NaN,
  Max: (dtype) => (dtype === "int32" ? -LARGEST_INT - 1 : -Infinity),
  Min: (dtype) => (dtype === "int32" ? LARGEST_INT : Infinity),
  All: () => 1,
  Any: () => 0,
};

interface Reduction {
  readonly axis?: number | number[];
  /** What Max calls them. */
  readonly reductionIndices?: number | number[];
  readonly keepDims?: boolean;
}

/** Reductions of tensors without numbers: cpu gave NaN, 0 or false for some, wasm what lay in the memory, webgpu an error. */
export function reduceNothing(backendName: string): void {
  for (const name of Object.keys(OF_NOTHING))
    replaceKernel(backendName, name, (own) => neutralOfNothing(name, own), "nothing");
  for (const name of ["ArgMax", "ArgMin"]) replaceKernel(backendName, name, placesInNothing, "nothing");
  for (const name of ["Cumsum", "Cumprod"]) replaceKernel(backendName, name, sameOfNothing, "nothing");
}

function neutralOfNothing(kernelName: string, own: KernelFunction): KernelFunction {
  return (args) => {
    const { x } = args.inputs as { x: tf.TensorInfo };
    if (!x.shape.includes(0)) return own(args);
    const { axis, reductionIndices, keepDims } = args.attrs as unknown as Reduction;
    const axes = tf.util.parseAxisParam((axis ?? reductionIndices)!, x.shape);
    const shape = keepDims
      ? x.shape.map((length, i) => (axes.includes(i) ? 1 : length))
      : x.shape.filter((_, i) => !axes.includes(i));
    return filled(shape, OF_NOTHING[kernelName]!(x.dtype), resultType(kernelName, x.dtype));
  };
}

function resultType(kernelName: string, dtype: tf.DataType): tf.DataType {
  if (kernelName === "Mean") return "float32";
  return dtype === "bool" && (kernelName === "Sum" || kernelName === "Prod") ? "int32" : dtype;
}

function filled(shape: number[], value: number, dtype: tf.DataType): tf.Tensor {
  const Values = dtype === "int32" ? Int32Array : dtype === "bool" ? Uint8Array : Float32Array;
  return tf.tensor(new Values(tf.util.sizeFromShape(shape)).fill(value), shape, dtype);
}

/** There are places in rows that are not there; none in rows of no numbers, of which TensorFlow makes an error. */
function placesInNothing(own: KernelFunction): KernelFunction {
  return (args) => {
    const { x } = args.inputs as { x: tf.TensorInfo };
    const [axis] = tf.util.parseAxisParam((args.attrs as unknown as { axis: number }).axis, x.shape);
    const rest = x.shape.filter((_, i) => i !== axis);
    if (x.shape[axis!] === 0 && !rest.includes(0))
      throw new Error("there is no greatest and no least of no numbers");
    return rest.includes(0) ? filled(rest, 0, "int32") : own(args);
  };
}

function sameOfNothing(own: KernelFunction): KernelFunction {
  return (args) => {
    const { x } = args.inputs as { x: tf.TensorInfo };
    return x.shape.includes(0) ? filled(x.shape, 0, x.dtype) : own(args);
  };
}
