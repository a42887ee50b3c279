import type * as tf from "@tensorflow/tfjs";

/** TensorFlow.js's wasm back end (dist/backend_wasm.d.ts), as far as it is used here. */
export interface WasmBackend {
  makeOutput(shape: readonly number[], dtype: tf.DataType): tf.TensorInfo;
  /** A view of the memory, good until a tensor is made. */
  typedArrayFromHeap(tensor: tf.TensorInfo): Float32Array;
  readonly dataIdMap: { get(dataId: object): { readonly shape: number[]; readonly dtype: tf.DataType } };
  readSync(dataId: object, start?: number, end?: number): tf.backend_util.BackendValues;
}
