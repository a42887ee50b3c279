import * as tf from "@tensorflow/tfjs";
import type { LayerSpec } from "../keras/graph.js";
import { activationOf } from "./activations.js";
import { Arguments } from "./arguments.js";
import { ComputedLayer, type WeightSpec } from "./computed-layer.js";
import { dtypePolicy } from "./dtype-policy.js";
import { inputRounding, roundToFloat8 } from "./quantized-inputs.js";
import type { LayerContext } from "./registry.js";

/**
 * A Dense of a quantised model: its kernel de-quantised to float32, its input rounded as Keras rounds it
 * (`_int8_call`, `_int4_call`, `_float8_call` of keras/src/layers/core/dense.py). [batch, ..., features] to
 * [batch, ..., units]. Null where the layer's policy quantises nothing.
 */
export function quantizedDense(spec: LayerSpec, { origin }: LayerContext): ComputedLayer | null {
  const mode = dtypePolicy(spec.config)?.quantized ?? null;
  if (mode === null) return null;
  const args = new Arguments(spec);
  const units = args.integer("units", undefined, 1);
  const bias = args.flag("use_bias", true);
  const activation = activationOf(args.raw("activation"), origin);
  const rounding = inputRounding(spec);
  const lora = rounding !== null && args.has("lora_rank");
  return new ComputedLayer("Dense", spec, {
    weights: ([x]) => {
      const shape = [x!.at(-1) ?? 0, units];
      return [
        { name: "kernel", shape, initializer: "glorotUniform" },
        ...(bias ? [{ name: "bias", shape: [units] }] : []),
        ...(lora ? [{ name: "lora_kernel", shape, trainable: false }] : []),
        ...(mode === "float8" ? [INPUTS_SCALE] : []),
      ];
    },
    outputShape: ([x]) => [...x!.slice(0, -1), units],
    compute: ([x], { weights }) => {
      const inputs =
        mode === "float8" ? roundToFloat8(x!, weights.at(-1)!) : (rounding?.(x!, [x!.rank - 1]) ?? x!);
      let y = product(inputs, weights[0]!);
      if (lora) y = tf.add(y, product(x!, weights.at(-1)!));
      return activation.apply(bias ? tf.add(y, weights[1]!) : y);
    },
  });
}

/** The stored scale of a float8 layer's input. */
export const INPUTS_SCALE: WeightSpec = {
  name: "inputs_scale",
  shape: [],
  trainable: false,
  initializer: "ones",
};

function product(x: tf.Tensor, kernel: tf.Tensor): tf.Tensor {
  const flat = tf.reshape(x, [-1, kernel.shape[0]!]) as tf.Tensor2D;
  return tf.reshape(tf.matMul(flat, kernel as tf.Tensor2D), [...x.shape.slice(0, -1), kernel.shape[1]!]);
}
