import * as tf from "@tensorflow/tfjs";
import { Arguments } from "./arguments/arguments.js";
import { ComputedLayer } from "./computed-layer.js";
import type { LayerDefinition } from "./registry.js";

/**
 * tf_keras/layers/kernelized.py: [batch, features] to [batch, output_dim], `cos(x W / scale + b)` with a random W and b
 * that stay as they were drawn; `scale` alone trains, where `trainable` says so.
 */
export const RANDOM_FOURIER_FEATURES: LayerDefinition = {
  className: "RandomFourierFeatures",
  majors: [2],
  arguments: ["output_dim", "kernel_initializer", "scale"],
  create(spec) {
    const args = new Arguments(spec);
    const width = args.integer("output_dim", undefined, 1);
    return new ComputedLayer("RandomFourierFeatures", spec, {
      weights: ([x]) => [
        { name: "unscaled_kernel", shape: [x!.at(-1)!, width], trainable: false },
        { name: "bias", shape: [width], trainable: false },
        { name: "kernel_scale", shape: [1], initializer: "ones", trainable: args.flag("trainable", false) },
      ],
      outputShape: ([x]) => [...x!.slice(0, -1), width],
      compute: ([x], { weights }) => {
        const [kernel, bias, scale] = weights;
        return tf.cos(tf.add(tf.matMul(x!, tf.div(kernel!, scale!)), bias!));
      },
    });
  },
};
