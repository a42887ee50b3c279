import * as tf from "@tensorflow/tfjs";
import type { KernelFunction } from "../corrections/kernel.js";
import type { WasmBackend } from "./wasm-backend.js";

/**
 * Sums and means over the first axes, as of a batch by channels, row by row where they lie; the back end's own kernels
 * turn the tensor first. Totals are kept in 64 bits.
 */
export function sumRows(kernelName: "Sum" | "Mean", own: KernelFunction): KernelFunction {
  return (args) => {
    const { x } = args.inputs as { x: tf.TensorInfo };
    const { axis, keepDims } = args.attrs as unknown as { axis: number | number[]; keepDims: boolean };
    const axes = tf.util.parseAxisParam(axis, x.shape);
    const first = [...axes].sort((a, b) => a - b).every((each, i) => each === i);
    const rest = x.shape.slice(axes.length);
    if (!first || axes.length === 0 || rest.length === 0 || x.dtype !== "float32") return own(args);
    const wasm = args.backend as unknown as WasmBackend;
    const shape = keepDims ? [...axes.map(() => 1), ...rest] : rest;
    const result = wasm.makeOutput(shape, "float32");
    const out = wasm.typedArrayFromHeap(result);
    const totals = total(wasm.typedArrayFromHeap(x), out.length);
    const by = kernelName === "Mean" ? tf.util.sizeFromShape(x.shape) / out.length : 1;
    for (let i = 0; i < out.length; i++) out[i] = totals[i]! / by;
    return result;
  };
}

function total(x: Float32Array, columns: number): Float64Array {
  const totals = new Float64Array(columns);
  for (let row = 0; row < x.length; row += columns) {
    for (let i = 0; i < columns; i++) totals[i]! += x[row + i]!;
  }
  return totals;
}
