import * as tf from "@tensorflow/tfjs";
import { replaceKernel } from "../corrections/kernel.js";
import type { WasmBackend } from "./wasm-backend.js";

/**
 * Gradients of rectifiers in one walk (corrections/gradients/rectifiers.ts): comparisons to booleans and back take
 * this back end ten times as long.
 */
export function registerRectifierGradients(backendName: string): void {
  for (const [kernelName, bound] of [
    ["ReluGrad", Infinity],
    ["Relu6Grad", 6],
  ] as const) {
    const kernelFunc: tf.KernelFunc = ({ inputs, backend }) => {
      const { dy, x } = inputs as { dy: tf.TensorInfo; x: tf.TensorInfo };
      const wasm = backend as unknown as WasmBackend;
      const result = wasm.makeOutput(x.shape, "float32");
      const [given, at, out] = [dy, x, result].map((tensor) => wasm.typedArrayFromHeap(tensor));
      pass(given!, at!, out!, bound);
      return result;
    };
    replaceKernel(backendName, kernelName, () => kernelFunc);
  }
}

function pass(dy: Float32Array, x: Float32Array, out: Float32Array, bound: number): void {
  for (let i = 0; i < out.length; i++) {
    const at = x[i]!;
    // ReLU passes infinity on, too.
    out[i] = at > 0 && (at < bound || bound === Infinity) ? dy[i]! : 0;
  }
}
