import * as tf from "@tensorflow/tfjs";
import { activationOf } from "../activations.js";
import { Arguments } from "../arguments/arguments.js";
import { ComputedLayer } from "../computed-layer.js";
import { dtypePolicy } from "./dtype-policy.js";
import type { LayerDefinition } from "../registry.js";

/**
 * keras.layers.TernaryDense of Keras 3.16 (keras/src/layers/core/ternary_dense.py), the layer of BitNet b1.58: a Dense
 * whose kernel is rounded to -1, 0 and 1 in every call, [batch, ..., features] to [batch, ..., units]. `threshold` is
 * the size up to which a number of the kernel counts as 0; null takes half of the kernel's mean size, and multiplies
 * the product by that mean. Gradients pass the rounding as if it were not there.
 */
export const TERNARY_DENSE: LayerDefinition = {
  className: "TernaryDense",
  majors: [3],
  arguments: ["units", "threshold", "activation", "use_bias"],
  inert: ["quantization_config"],
  create(spec, { origin }) {
    const args = new Arguments(spec);
    const units = args.integer("units", undefined, 1);
    const threshold = args.has("threshold") ? args.number("threshold") : null;
    if (threshold !== null && threshold < 0) throw args.wrong("threshold", "a number of at least 0, or null");
    const bias = args.flag("use_bias", true);
    const activation = activationOf(args.raw("activation"), origin);
    // A packed kernel comes as the numbers -1, 0 and 1 times its scale, which a second rounding would change.
    const packed = dtypePolicy(spec.config)?.quantized === "ternary";
    return new ComputedLayer("TernaryDense", spec, {
      weights: ([x]) => [
        { name: "kernel", shape: [x!.at(-1) ?? 0, units], initializer: "glorotUniform", trainable: !packed },
        ...(bias ? [{ name: "bias", shape: [units] }] : []),
      ],
      outputShape: ([x]) => [...x!.slice(0, -1), units],
      compute: ([x], { weights: [kernel, offset] }) => {
        const flat = tf.reshape(x!, [-1, kernel!.shape[0]!]) as tf.Tensor2D;
        const y = packed ? tf.matMul(flat, kernel as tf.Tensor2D) : ternaryProduct(flat, kernel!, threshold);
        const whole = tf.reshape(y, [...x!.shape.slice(0, -1), units]);
        return activation.apply(offset ? tf.add(whole, offset) : whole);
      },
    });
  },
};

function ternaryProduct(x: tf.Tensor2D, kernel: tf.Tensor, threshold: number | null): tf.Tensor {
  const size = tf.abs(kernel);
  const mean = tf.mean(size);
  const limit = threshold ?? tf.mul(0.5, mean);
  const y = tf.matMul(x, roundedTo(kernel, size, limit) as tf.Tensor2D);
  return threshold === null ? tf.mul(y, mean) : y;
}

/** The sign of what is larger than the limit, 0 for the rest; its gradient is that of the kernel itself. */
function roundedTo(kernel: tf.Tensor, size: tf.Tensor, limit: tf.Tensor | number): tf.Tensor {
  const round = tf.customGrad((x) => ({
    value: tf.mul(tf.sign(x as tf.Tensor), tf.cast(tf.greater(size, limit), "float32")),
    gradFunc: (dy) => dy as tf.Tensor,
  }));
  return round(kernel);
}
