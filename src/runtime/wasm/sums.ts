import * as tf from "@tensorflow/tfjs";
import type { KernelFunction } from "../corrections/kernel.js";
import type { WasmBackend } from "./wasm-backend.js";

/**
 * Sums and means over the first or the last axes (as of a batch by channels, or of everything) where the numbers lie,
 * with totals of 64 bits. The back end's own kernels turn the tensor first, and their totals of 32 bits stop at 2^24
 * when ones are counted.
 */
export function sumInMemory(kernelName: "Sum" | "Mean", own: KernelFunction): KernelFunction {
  return (args) => {
    const { x } = args.inputs as { x: tf.TensorInfo };
    const { axis, keepDims } = args.attrs as unknown as { axis: number | number[]; keepDims: boolean };
    const axes = tf.util.parseAxisParam(axis, x.shape).sort((a, b) => a - b);
    const rank = x.shape.length;
    const first = axes.every((each, i) => each === i);
    const last = axes.every((each, i) => each === rank - axes.length + i);
    if (!(first || last) || axes.length === 0 || x.dtype !== "float32") return own(args);
    const wasm = args.backend as unknown as WasmBackend;
    const gone = (_: number, i: number) => !axes.includes(i);
    const shape = keepDims ? x.shape.map((n, i) => (axes.includes(i) ? 1 : n)) : x.shape.filter(gone);
    const result = wasm.makeOutput(shape, "float32");
    const [values, out] = [wasm.typedArrayFromHeap(x), wasm.typedArrayFromHeap(result)];
    const by = kernelName === "Mean" ? values.length / out.length : 1;
    const totals = last ? ofRows(values, out.length) : ofColumns(values, out.length);
    for (let i = 0; i < out.length; i++) out[i] = totals[i]! / by;
    return result;
  };
}

function ofColumns(x: Float32Array, columns: number): Float64Array {
  const totals = new Float64Array(columns);
  for (let row = 0; row < x.length; row += columns) {
    for (let i = 0; i < columns; i++) totals[i]! += x[row + i]!;
  }
  return totals;
}

function ofRows(x: Float32Array, rows: number): Float64Array {
  const totals = new Float64Array(rows);
  const columns = x.length / rows;
  for (let row = 0, i = 0; row < rows; row++) {
    let total = 0;
    for (const end = i + columns; i < end; i++) total += x[i]!;
    totals[row] = total;
  }
  return totals;
}
