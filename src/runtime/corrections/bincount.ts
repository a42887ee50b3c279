import * as tf from "@tensorflow/tfjs";
import { composed, replaceKernel } from "./kernel.js";

interface Counted {
  readonly size: number;
  readonly binaryOutput: boolean;
}

/** Of a vector, cpu counts where it is asked only whether there is one; of a matrix it does what it is asked. */
export function markVectors(backendName: string): void {
  replaceKernel(backendName, "DenseBincount", (own) => (args) => {
    const { x, weights } = args.inputs as { x: tf.TensorInfo; weights: tf.TensorInfo };
    const { binaryOutput, size } = args.attrs as unknown as Counted;
    if (!binaryOutput || x.shape.length !== 1) return own(args);
    const inputs = { x: { ...x, shape: [1, ...x.shape] }, weights };
    return { ...(own({ ...args, inputs }) as tf.TensorInfo), shape: [size] };
  });
}

/** On WebGPU float weights are added as integers, and the shader that only marks is refused: counted by products here. */
export function countByProducts(backendName: string): void {
  const count = composed<Counted>(({ x, weights }, { size, binaryOutput }) => {
    const rows = tf.oneHot(tf.cast(x!, "int32"), size, 1, 0, "float32");
    if (binaryOutput) return tf.cast(tf.max(rows, -2), weights!.dtype);
    const weighted =
      weights!.size === 0 ? rows : tf.mul(rows, tf.expandDims(tf.cast(weights!, "float32"), -1));
    return tf.cast(tf.sum(weighted, -2), weights!.dtype);
  });
  replaceKernel(backendName, "DenseBincount", () => count);
}
