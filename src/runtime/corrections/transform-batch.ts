import * as tf from "@tensorflow/tfjs";
import { replaceKernel } from "./kernel.js";

/** One transform for a whole batch: wasm and WebGPU read past its end for all images but the first. */
export function repeatTransform(backendName: string): void {
  replaceKernel(backendName, "Transform", (own) => (args) => {
    const { image, transforms } = args.inputs as { image: tf.Tensor; transforms: tf.Tensor };
    const batch = image.shape[0]!;
    if (transforms.shape[0] !== 1 || batch === 1) return own(args);
    const repeated = tf.tile(transforms, [batch, 1]);
    try {
      return own({ ...args, inputs: { image, transforms: repeated } });
    } finally {
      repeated.dispose();
    }
  });
}
