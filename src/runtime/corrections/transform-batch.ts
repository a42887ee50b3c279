import * as tf from "@tensorflow/tfjs";
import { ownResult, replaceKernel, type KernelFunction } from "./kernel.js";

/**
 * Projective transforms image by image. For a batch, cpu reads the later images at the wrong place, and wasm and
 * WebGPU read past the end of a single transform that is meant for all.
 */
export function transformEachImage(backendName: string): void {
  replaceKernel(backendName, "Transform", eachImage);
}

export function eachImage(own: KernelFunction): KernelFunction {
  return (args) => {
    const { image, transforms } = args.inputs as { image: tf.Tensor; transforms: tf.Tensor };
    if (image.shape[0] === 1) return own(args);
    return tf.tidy(() => {
      const matrices = tf.split(transforms, transforms.shape[0]!, 0);
      const images = tf.split(image, image.shape[0]!, 0);
      const results = images.map((one, i) =>
        ownResult(own, { ...args, inputs: { image: one, transforms: matrices[i] ?? matrices[0]! } }),
      );
      return tf.concat(results, 0);
    });
  };
}
