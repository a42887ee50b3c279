import type * as tf from "@tensorflow/tfjs";
import type { WasmBackend } from "./wasm-backend.js";

const corrected = new WeakSet<object>();

/**
 * A view of a tensor that another back end made: it is moved here when it is looked up, and the memory may grow for it.
 * TensorFlow.js asks for the memory first, and views what was there before.
 */
export function viewMovedTensors(backend: tf.KernelBackend): void {
  if (corrected.has(backend)) return;
  corrected.add(backend);
  const wasm = backend as unknown as WasmBackend;
  const view = wasm.typedArrayFromHeap.bind(wasm);
  wasm.typedArrayFromHeap = (tensor) => {
    wasm.dataIdMap.get(tensor.dataId);
    return view(tensor);
  };
}

/** Views that are good at the same time: all that has to be moved here is moved before the first is taken. */
export function viewsOf(wasm: WasmBackend, ...tensors: readonly tf.TensorInfo[]): Float32Array[] {
  for (const { dataId } of tensors) wasm.dataIdMap.get(dataId);
  return tensors.map((tensor) => wasm.typedArrayFromHeap(tensor));
}
