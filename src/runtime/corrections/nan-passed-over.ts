import * as tf from "@tensorflow/tfjs";
import { replaceKernel } from "./kernel.js";
import { hasNaN } from "./nan-kept.js";

/** A back end in main memory: wasm has the first, cpu the second. */
interface MainMemory {
  typedArrayFromHeap?(tensor: tf.TensorInfo): Float32Array;
  readSync(dataId: object): Float32Array;
}

/**
 * ArgMax and ArgMin that pass over NaN, as TensorFlow's do: the kernels of tfjs stay at a NaN that comes first, since
 * nothing is above or below it.
 */
export function passOverNaN(backendName: string): void {
  for (const [kernelName, least] of [
    ["ArgMax", -Infinity],
    ["ArgMin", Infinity],
  ] as const) {
    replaceKernel(backendName, kernelName, (own) => (args) => {
      const x = args.inputs["x"] as tf.Tensor;
      const memory = args.backend as unknown as MainMemory;
      if (x.dtype !== "float32") return own(args);
      const values = memory.typedArrayFromHeap?.(x) ?? memory.readSync(x.dataId);
      if (!hasNaN(values)) return own(args);
      const numbers = tf.tidy(() => tf.where(tf.isNaN(x), tf.fill(x.shape, least), x));
      const place = own({ ...args, inputs: { ...args.inputs, x: numbers } });
      numbers.dispose();
      return place;
    });
  }
}
