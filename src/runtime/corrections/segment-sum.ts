import * as tf from "@tensorflow/tfjs";
import { replaceKernel } from "./kernel.js";

interface HostBackend {
  readSync(dataId: object): Float32Array | Int32Array;
  write(values: Float32Array | Int32Array, shape: number[], dtype: tf.DataType): object;
}

/**
 * UnsortedSegmentSum in one walk over the rows. The kernel of tfjs-backend-cpu, on which wasm falls back, goes over all of
 * them once for each segment: the gradient of an embedding of 10,000 words took seconds for a handful of tokens.
 * Rows whose segment is not in [0, numSegments) are left out, as there.
 */
export function sumSegmentsInOneWalk(backendName: string): void {
  replaceKernel(backendName, "UnsortedSegmentSum", () => ({ inputs, attrs, backend }) => {
    const { x, segmentIds } = inputs as { readonly x: tf.TensorInfo; readonly segmentIds: tf.TensorInfo };
    const { numSegments } = attrs as unknown as { readonly numSegments: number };
    const host = backend as unknown as HostBackend;
    const values = host.readSync(x.dataId);
    const ids = host.readSync(segmentIds.dataId);
    const shape = [numSegments, ...x.shape.slice(1)];
    const width = tf.util.sizeFromShape(x.shape.slice(1));
    const sums =
      x.dtype === "int32" ? new Int32Array(numSegments * width) : new Float32Array(numSegments * width);
    for (let row = 0; row < ids.length; row++) {
      const id = ids[row]!;
      if (id < 0 || id >= numSegments) continue;
      for (let k = 0; k < width; k++) sums[id * width + k]! += values[row * width + k]!;
    }
    return { dataId: host.write(sums, shape, x.dtype), shape, dtype: x.dtype };
  });
}
