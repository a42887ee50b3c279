import type * as tf from "@tensorflow/tfjs";

/**
 * Values of a tensor without elements, typed as those of others are: TensorFlow.js's kernels for the cpu give a plain
 * list, of which the next kernel takes a `subarray`.
 */
export function typeNothing(backend: tf.KernelBackend): void {
  const floor = backend as tf.KernelBackend & { write: Write };
  const own = floor.write.bind(floor);
  floor.write = (values, shape, dtype) =>
    own(Array.isArray(values) && values.length === 0 ? typed(dtype) : values, shape, dtype);
}

type Write = (values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType) => object;

function typed(dtype: tf.DataType): tf.backend_util.BackendValues {
  if (dtype === "int32") return new Int32Array(0);
  if (dtype === "bool") return new Uint8Array(0);
  return dtype === "float32" ? new Float32Array(0) : [];
}
