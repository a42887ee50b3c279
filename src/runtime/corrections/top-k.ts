import * as tf from "@tensorflow/tfjs";
import { replaceKernel } from "./kernel.js";

interface HostBackend {
  readSync(dataId: object): Float32Array | Int32Array;
  write(values: Float32Array | Int32Array, shape: number[], dtype: tf.DataType): object;
}

/**
 * TopK that sorts numbers. The kernel of tfjs-backend-cpu makes an object of each element: 20 million of them are more
 * than Node's heap holds, which ends the process.
 */
export function sortWithoutObjects(backendName: string): void {
  replaceKernel(backendName, "TopK", () => ({ inputs, attrs, backend }) => {
    const { x } = inputs as { readonly x: tf.TensorInfo };
    const { k } = attrs as unknown as { readonly k: number };
    const host = backend as unknown as HostBackend;
    const from = host.readSync(x.dataId);
    const length = x.shape.at(-1) ?? 1;
    const shape = [...x.shape.slice(0, -1), k];
    const size = tf.util.sizeFromShape(shape);
    const values = x.dtype === "float32" ? new Float32Array(size) : new Int32Array(size);
    const indices = new Int32Array(size);
    for (let row = 0; row * k < size; row++) {
      const own = from.subarray(row * length, (row + 1) * length);
      indices.set(largestFirst(own).subarray(0, k), row * k);
      for (let i = row * k; i < (row + 1) * k; i++) values[i] = own[indices[i]!]!;
    }
    const made = (data: Float32Array | Int32Array, dtype: tf.DataType): tf.TensorInfo => ({
      dataId: host.write(data, shape, dtype),
      shape,
      dtype,
    });
    return [made(values, x.dtype), made(indices, "int32")];
  });
}

/** Positions from the largest value down, of equal ones the first before the others. */
function largestFirst(values: Float32Array | Int32Array | Uint8Array): Uint32Array {
  const keys = new BigUint64Array(values.length);
  const halves = new Uint32Array(keys.buffer);
  const bits =
    values instanceof Float32Array
      ? new Uint32Array(values.buffer, values.byteOffset, values.length)
      : new Uint32Array(values);
  const isFloat = values instanceof Float32Array;
  for (let i = 0; i < values.length; i++) {
    const own = values[i] === 0 ? 0 : bits[i]!;
    // The bits of negative floats count up as they go down.
    const rising = isFloat && own >= 2 ** 31 ? ~own : own ^ (2 ** 31);
    halves[2 * i] = i;
    halves[2 * i + 1] = ~rising;
  }
  keys.sort();
  // Each position goes into the half of an entry that was read before.
  for (let i = 0; i < values.length; i++) halves[i] = halves[2 * i]!;
  return halves.subarray(0, values.length);
}
