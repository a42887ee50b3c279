import * as tf from "@tensorflow/tfjs";
import { viewsOf } from "./views.js";
import type { WasmBackend } from "./wasm-backend.js";

/** Joins two tensors to complex numbers and takes them apart again: in the memory, both parts of a number side by side. */
export function registerComplex(backendName: string): void {
  const kernels: Record<string, tf.KernelConfig["kernelFunc"]> = {
    Complex: ({ inputs, backend }) =>
      join(
        wasmOf(backend),
        (inputs as Record<string, tf.TensorInfo>)["real"]!,
        inputs["imag"] as tf.TensorInfo,
      ),
    Real: ({ inputs, backend }) => part(wasmOf(backend), inputs["input"] as tf.TensorInfo, 0),
    Imag: ({ inputs, backend }) => part(wasmOf(backend), inputs["input"] as tf.TensorInfo, 1),
  };
  for (const [kernelName, kernelFunc] of Object.entries(kernels)) {
    if (!tf.getKernel(kernelName, backendName)) tf.registerKernel({ kernelName, backendName, kernelFunc });
  }
}

const readable = new WeakSet<object>();

/** They are read as pairs, as from other back ends; the package knows no such type. */
export function readAsPairs(backend: object): void {
  const wasm = wasmOf(backend);
  if (readable.has(wasm)) return;
  readable.add(wasm);
  const { readSync } = wasm;
  wasm.readSync = (dataId, ...range) => {
    const { dtype, shape } = wasm.dataIdMap.get(dataId);
    if (dtype !== "complex64") return readSync.call(wasm, dataId, ...range);
    return numbers(wasm, { dataId, shape, dtype }).slice();
  };
}

function wasmOf(backend: object): WasmBackend {
  return backend as WasmBackend;
}

/** The numbers of a complex tensor, real and imaginary parts in turn. */
function numbers(wasm: WasmBackend, { dataId, shape }: tf.TensorInfo): Float32Array {
  return wasm.typedArrayFromHeap({ dataId, shape: [...shape, 2], dtype: "float32" });
}

function join(wasm: WasmBackend, real: tf.TensorInfo, imaginary: tf.TensorInfo): tf.TensorInfo {
  const result = wasm.makeOutput(real.shape, "complex64");
  const parts = viewsOf(wasm, real, imaginary);
  const out = numbers(wasm, result);
  parts.forEach((part, offset) => part.forEach((value, i) => (out[2 * i + offset] = value)));
  return result;
}

function part(wasm: WasmBackend, x: tf.TensorInfo, offset: 0 | 1): tf.TensorInfo {
  const result = wasm.makeOutput(x.shape, "float32");
  const given = numbers(wasm, x);
  const out = wasm.typedArrayFromHeap(result);
  for (let i = 0; i < out.length; i++) out[i] = given[2 * i + offset]!;
  return result;
}
