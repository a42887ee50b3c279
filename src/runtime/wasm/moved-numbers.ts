import * as tf from "@tensorflow/tfjs";
import { type KernelArguments, type KernelFunction, replaceKernel } from "../corrections/kernel.js";
import { copyRun, copyStrided, type Strided } from "./strided-copy.js";
import { viewsOf } from "./views.js";
import type { WasmBackend } from "./wasm-backend.js";
import { plainSlice, type StridedSlice } from "../corrections/strided-slice.js";

/**
 * Kernels that only take numbers to other places, and inputs that are broadcast, by copies of runs in the memory. The
 * back end's own kernels compute the place of each number: tiling took 300 times as long, a gather 100 times. They
 * also take booleans for four bytes each, and integers for floats.
 */
export function moveInMemory(backendName: string): void {
  const replace = (kernelName: string, make: (own: KernelFunction) => KernelFunction) =>
    replaceKernel(backendName, kernelName, make, "in memory");
  replace("Slice", (own) => slice(own));
  replace("Reverse", (own) => reverse(own));
  replace("Tile", (own) => tile(own));
  replace("Transpose", (own) => transposeOfHighRank(own));
  replace("StridedSlice", (own) => stridedSlice(own));
  replace("GatherV2", (own) => gather(own));
  for (const kernelName of BROADCASTING) {
    if (tf.getKernel(kernelName, backendName)) replace(kernelName, (own) => writtenOut(own));
  }
}

function slice(own: KernelFunction): KernelFunction {
  return (args) => {
    const { x } = args.inputs as { x: tf.Tensor };
    const { begin, size } = args.attrs as unknown as { begin: number | number[]; size: number | number[] };
    if (x.dtype === "string" || x.shape.length === 0) return own(args);
    const [from, shape] = tf.slice_util.parseSliceParams(x, begin, size) as [number[], number[]];
    tf.slice_util.assertParamsValid(x, from, shape);
    const strides = stridesOf(x.shape);
    const offset = strides.reduce((sum, stride, axis) => sum + stride * from[axis]!, 0);
    return taken(args, x, { shape, strides, offset }, shape);
  };
}

function reverse(own: KernelFunction): KernelFunction {
  return (args) => {
    const { x } = args.inputs as { x: tf.TensorInfo };
    const { dims } = args.attrs as unknown as { dims: number | number[] };
    if (x.dtype === "string" || x.shape.length === 0) return own(args);
    const turned = new Set(tf.util.parseAxisParam(dims, x.shape));
    const strides = stridesOf(x.shape);
    const offset = [...turned].reduce((sum, axis) => sum + (x.shape[axis]! - 1) * strides[axis]!, 0);
    const there = strides.map((stride, axis) => (turned.has(axis) ? -stride : stride));
    return taken(args, x, { shape: x.shape, strides: there, offset }, x.shape);
  };
}

function tile(own: KernelFunction): KernelFunction {
  return (args) => {
    const { x } = args.inputs as { x: tf.TensorInfo };
    const { reps } = args.attrs as unknown as { reps: number[] };
    if (x.dtype === "string") return own(args);
    const strides = stridesOf(x.shape);
    const apart = {
      shape: x.shape.flatMap((length, axis) => [reps[axis]!, length]),
      strides: strides.flatMap((stride) => [0, stride]),
      offset: 0,
    };
    return taken(
      args,
      x,
      apart,
      x.shape.map((length, axis) => length * reps[axis]!),
    );
  };
}

/** Those of four axes are quick. */
function transposeOfHighRank(own: KernelFunction): KernelFunction {
  return (args) => {
    const { x } = args.inputs as { x: tf.TensorInfo };
    const { perm } = args.attrs as unknown as { perm: number[] };
    if (x.dtype === "string" || x.dtype === "complex64" || perm.length < 5) return own(args);
    const strides = stridesOf(x.shape);
    const shape = perm.map((axis) => x.shape[axis]!);
    return taken(args, x, { shape, strides: perm.map((axis) => strides[axis]!), offset: 0 }, shape);
  };
}

function stridedSlice(own: KernelFunction): KernelFunction {
  return (args) => {
    const { x } = args.inputs as { x: tf.TensorInfo };
    if (x.dtype === "string") return own(args);
    const a = args.attrs as unknown as StridedSlice;
    const { begin, end, strides, finalShape } = plainSlice(x.shape, a);
    const steps = stridesOf(x.shape);
    const place = {
      shape: tf.slice_util.computeOutShape(begin, end, strides),
      strides: steps.map((step, axis) => step * strides[axis]!),
      offset: steps.reduce((sum, step, axis) => sum + step * begin[axis]!, 0),
    };
    return taken(args, x, place, finalShape);
  };
}

function gather(own: KernelFunction): KernelFunction {
  return (args) => {
    const { x, indices } = args.inputs as { x: tf.TensorInfo; indices: tf.TensorInfo };
    const { axis, batchDims } = args.attrs as unknown as { axis: number; batchDims: number };
    if (x.dtype === "string" || batchDims !== 0) return own(args);
    const wasm = args.backend as unknown as WasmBackend;
    const along = tf.util.parseAxisParam(axis, x.shape)[0]!;
    const [before, after] = [x.shape.slice(0, along), x.shape.slice(along + 1)];
    const result = wasm.makeOutput([...before, ...indices.shape, ...after], x.dtype);
    const [rows, values, out] = viewsOf(wasm, indices, x, result) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    const length = x.shape[along]!;
    const run = tf.util.sizeFromShape(after);
    for (const row of rows) {
      if (row < 0 || row >= length)
        throw new Error(`GatherV2: the index value ${row} is not in [0, ${length - 1}]`);
    }
    let to = 0;
    for (let start = 0; to < out.length; start += length * run) {
      for (const row of rows) {
        copyRun(values, start + row * run, out, to, { length: run, stride: 1 });
        to += run;
      }
    }
    return result;
  };
}

/** Where shapes differ, these compute the place of each number; XNNPACK has the others, for floats. */
const BROADCASTING = [
  ..."Equal NotEqual Greater GreaterEqual Less LessEqual LogicalAnd LogicalOr LogicalXor".split(" "),
  ..."Maximum Minimum Pow FloorMod Mod Atan2".split(" "),
];

function writtenOut(own: KernelFunction): KernelFunction {
  return (args) => {
    const { a, b } = args.inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
    if (a.dtype === "string" || b.dtype === "string") return own(args);
    const shape = tf.backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
    const wide = [a, b].map((one) => (isRepeatedWhole(one.shape, shape) ? one : broadcast(args, one, shape)));
    try {
      return own({ ...args, inputs: { a: wide[0]!, b: wide[1]! } });
    } finally {
      const wasm = args.backend as tf.KernelBackend;
      for (const [i, one] of wide.entries()) if (one !== [a, b][i]) wasm.disposeData(one.dataId);
    }
  };
}

/** A number, a vector for the last axis, and so on: that is quick as it is. */
function isRepeatedWhole(shape: readonly number[], whole: readonly number[]): boolean {
  const own = shape.slice(shape.findIndex((length) => length !== 1));
  return (
    tf.util.sizeFromShape([...shape]) === 1 || own.every((length, i) => length === whole.at(i - own.length))
  );
}

function broadcast(args: KernelArguments, x: tf.TensorInfo, shape: number[]): tf.TensorInfo {
  const padded = [...Array<number>(shape.length - x.shape.length).fill(1), ...x.shape];
  const strides = stridesOf(padded).map((stride, axis) => (padded[axis] === 1 ? 0 : stride));
  return taken(args, x, { shape, strides, offset: 0 }, shape);
}

/** @param shape that of the result, of as many numbers as the copy's */
function taken(
  { backend }: KernelArguments,
  x: tf.TensorInfo,
  from: Strided,
  shape: readonly number[],
): tf.TensorInfo {
  const wasm = backend as unknown as WasmBackend;
  const result = wasm.makeOutput(shape, x.dtype);
  copyStrided(wasm.typedArrayFromHeap(x), wasm.typedArrayFromHeap(result), from);
  return result;
}

function stridesOf(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}
