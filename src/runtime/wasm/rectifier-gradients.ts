import * as tf from "@tensorflow/tfjs";
import { replaceKernel } from "../corrections/kernel.js";
import { viewsOf } from "./views.js";
import type { WasmBackend } from "./wasm-backend.js";

/** The float32 before 6, where a gradient passes no more. */
const BELOW_SIX = 6 - 2 ** -21;

/**
 * Gradients of rectifiers in one walk (corrections/gradients/rectifiers.ts): comparisons to booleans and back take
 * this back end ten times as long.
 */
export function registerRectifierGradients(backendName: string): void {
  for (const [kernelName, most] of [
    ["ReluGrad", Infinity],
    ["Relu6Grad", BELOW_SIX],
  ] as const) {
    const kernelFunc: tf.KernelFunc = ({ inputs, backend }) => {
      const { dy, x } = inputs as { dy: tf.TensorInfo; x: tf.TensorInfo };
      const wasm = backend as unknown as WasmBackend;
      const result = wasm.makeOutput(x.shape, "float32");
      const [given, at, out] = viewsOf(wasm, dy, x, result);
      pass(given!, at!, out!, most);
      return result;
    };
    replaceKernel(backendName, kernelName, () => kernelFunc);
  }
}

/** In bits, without a branch: what passes changes from number to number, and a processor guesses half of it wrong. */
function pass(dy: Float32Array, x: Float32Array, out: Float32Array, most: number): void {
  const bits = (values: Float32Array) => new Int32Array(values.buffer, values.byteOffset, values.length);
  const [given, result] = [bits(dy), bits(out)];
  for (let i = 0; i < x.length; i++) {
    result[i] = given[i]! & -(Number(x[i]! > 0) & Number(x[i]! <= most));
  }
}
