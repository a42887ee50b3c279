import * as tf from "@tensorflow/tfjs";
import { replaceKernel, type KernelArguments, type KernelFunction } from "./kernel.js";

/** A kernel of one tensor, over its numbers. */
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
  replaceKernel(backendName, "Multiply", (own) => ofBoth(own, Math.imul), "int32");
  replaceKernel(backendName, "Pow", (own) => ofBoth(own, power), "int32");
  replaceKernel(backendName, "BatchMatMul", ofMatrices, "int32");
  replaceKernel(backendName, "Cumprod", (own) => ofInt32(own, runningProducts), "int32");
  replaceKernel(backendName, "SquaredDifference", (own) => ofBoth(own, squaredDifference), "int32");
}

/** Magnitudes of int32, which the kernel keeps as float32: above 2^24 the last digits were lost. */
export function wholeMagnitudes(backendName: string): void {
  replaceKernel(backendName, "Abs", (own) => ofInt32(own, magnitudes), "int32");
}

/** Of operands that are equally long, or of which one is read over and over (broadcast-first.ts). */
function ofBoth(own: KernelFunction, combine: (x: number, y: number) => number): KernelFunction {
  return (args) => {
    const { a, b } = args.inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
    if (a.dtype !== "int32" || b.dtype !== "int32") return own(args);
    const host = args.backend as unknown as HostBackend;
    const [x, y] = [host.readSync(a.dataId), host.readSync(b.dataId)];
    if (x.length === 0 || y.length === 0) return own(args);
    const shape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
    const values = new Int32Array(Math.max(x.length, y.length));
    for (let i = 0; i < values.length; i++) values[i] = combine(x[i % x.length]!, y[i % y.length]!);
    return { dataId: host.write(values, shape, "int32"), shape, dtype: "int32" };
  };
}

/** A negative exponent leaves nothing whole but of 1 and -1. */
function power(x: number, exponent: number): number {
  if (exponent < 0) return Math.trunc(x ** exponent);
  let result = 1;
  for (let base = x, left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = Math.imul(result, base);
    base = Math.imul(base, base);
  }
  return result;
}

function squaredDifference(x: number, y: number): number {
  return Math.imul(x - y, x - y);
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

const magnitudes: Whole = ({ inputs }, x) => ({
  values: x.map(Math.abs),
  shape: (inputs as { x: tf.TensorInfo }).x.shape,
});

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

/** Matrices of int32, of which the kernel rounds each product; either operand may be one for all of the other. */
function ofMatrices(own: KernelFunction): KernelFunction {
  return (args) => {
    const { a, b } = args.inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
    const sizes = [a, b].map(({ shape }) => tf.util.sizeFromShape(shape));
    if (a.dtype !== "int32" || b.dtype !== "int32" || sizes.includes(0)) return own(args);
    const { transposeA, transposeB } = args.attrs as unknown as { transposeA: boolean; transposeB: boolean };
    const host = args.backend as unknown as HostBackend;
    const [x, y] = [host.readSync(a.dataId), host.readSync(b.dataId)];
    const [rows, inner] = transposeA ? a.shape.slice(-2).reverse() : a.shape.slice(-2);
    const columns = b.shape.at(transposeB ? -2 : -1)!;
    const batch = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
    const shape = [...batch, rows!, columns];
    const values = new Int32Array(tf.util.sizeFromShape(shape));
    const [stepX, down] = transposeA ? [rows!, 1] : [1, inner!];
    const [stepY, across] = transposeB ? [1, inner!] : [columns, 1];
    for (let i = 0; i < values.length; i++) {
      const matrix = Math.floor(i / (rows! * columns));
      const row = Math.floor(i / columns) % rows!;
      let atX = ((matrix * rows! * inner!) % x.length) + row * down;
      let atY = ((matrix * inner! * columns) % y.length) + (i % columns) * across;
      let sum = 0;
      for (let k = 0; k < inner!; k++, atX += stepX, atY += stepY)
        sum = (sum + Math.imul(x[atX]!, y[atY]!)) | 0;
      values[i] = sum;
    }
    return { dataId: host.write(values, shape, "int32"), shape, dtype: "int32" };
  };
}

const runningProducts: Whole = ({ inputs, attrs }, x) => {
  const { shape } = (inputs as { x: tf.TensorInfo }).x;
  const { axis, exclusive, reverse } = attrs as unknown as {
    axis: number;
    exclusive: boolean;
    reverse: boolean;
  };
  const [along] = tf.util.parseAxisParam(axis, shape);
  const length = shape[along!] ?? 1;
  const step = tf.util.sizeFromShape(shape.slice(along! + 1));
  const values = new Int32Array(x.length);
  for (let first = 0; first < x.length; first++) {
    if (Math.floor(first / step) % length !== 0) continue;
    let product = 1;
    for (let k = 0; k < length; k++) {
      const at = first + (reverse ? length - 1 - k : k) * step;
      const next = Math.imul(product, x[at]!);
      values[at] = exclusive ? product : next;
      product = next;
    }
  }
  return { values, shape };
};
