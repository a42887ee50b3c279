import * as tf from "@tensorflow/tfjs";
import { replaceKernel, type KernelArguments, type KernelFunction } from "./kernel.js";

type Whole = (args: KernelArguments, x: Int32Array) => { values: Int32Array; shape: number[] };

interface HostBackend {
  readSync(dataId: object): Int32Array;
  write(values: Int32Array, shape: number[], dtype: tf.DataType): object;
}

/**
 * Squares and products of int32 that wrap as TensorFlow's do. In JavaScript's numbers the last digits of a product above
 * 2^53 are gone, and what is left of it in 32 bits is 0 or another number.
 */
export function wrapProducts(backendName: string): void {
  replaceKernel(backendName, "Square", (own) => ofInt32(own, squares), "int32");
  replaceKernel(backendName, "Prod", (own) => ofInt32(own, products), "int32");
}

function ofInt32(own: KernelFunction, compute: Whole): KernelFunction {
  return (args) => {
    const { x } = args.inputs as { x: tf.TensorInfo };
    if (x.dtype !== "int32") return own(args);
    const host = args.backend as unknown as HostBackend;
    const { values, shape } = compute(args, host.readSync(x.dataId));
    return { dataId: host.write(values, shape, "int32"), shape, dtype: "int32" };
  };
}

const squares: Whole = ({ inputs }, x) => ({
  values: x.map((value) => Math.imul(value, value)),
  shape: (inputs as { x: tf.TensorInfo }).x.shape,
});

const products: Whole = ({ inputs, attrs }, x) => {
  const { shape } = (inputs as { x: tf.TensorInfo }).x;
  const { axis, keepDims } = attrs as unknown as { axis: number | number[]; keepDims?: boolean };
  const axes = tf.util.parseAxisParam(axis, shape);
  const kept = shape.map((length, i) => (axes.includes(i) ? 1 : length));
  const steps = tf.util.computeStrides([...kept, 1]).map((step, i) => (axes.includes(i) ? 0 : step));
  const values = new Int32Array(tf.util.sizeFromShape(kept)).fill(1);
  const place = shape.map(() => 0);
  for (let i = 0, to = 0; i < x.length; i++) {
    values[to] = Math.imul(values[to]!, x[i]!);
    for (let a = shape.length - 1; a >= 0; a--) {
      to += steps[a]!;
      if (++place[a]! < shape[a]!) break;
      to -= steps[a]! * shape[a]!;
      place[a] = 0;
    }
  }
  return { values, shape: keepDims ? kept : shape.filter((_, i) => !axes.includes(i)) };
};
