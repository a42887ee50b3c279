import type * as tf from "@tensorflow/tfjs";
import type { KernelFunction } from "../corrections/kernel.js";
import { viewsOf } from "./views.js";
import type { WasmBackend } from "./wasm-backend.js";

/** Rows and columns that a matrix was packed with, by its memory. */
const packed = new WeakMap<object, string>();

/**
 * XNNPACK packs the right matrix of a product once and finds it again by its memory alone. Seen under another shape, as a
 * vector first as a column and in its gradient as a row, it was multiplied by what was packed for the first: other
 * numbers, or more of them than there is room for. Such a matrix is copied.
 */
export function packEachShape(own: KernelFunction): KernelFunction {
  return (args) => {
    const { b } = args.inputs as { b: tf.TensorInfo };
    const shape = b.shape.slice(-2).join();
    const before = packed.get(b.dataId);
    if (before === undefined || before === shape) {
      packed.set(b.dataId, shape);
      return own(args);
    }
    const wasm = args.backend as unknown as WasmBackend & tf.KernelBackend;
    const copy = wasm.makeOutput(b.shape, b.dtype);
    const [from, to] = viewsOf(wasm, b, copy);
    to!.set(from!);
    try {
      return own({ ...args, inputs: { ...args.inputs, b: copy } });
    } finally {
      wasm.disposeData(copy.dataId);
    }
  };
}
