import * as tf from "@tensorflow/tfjs";
import type { LayerSpec } from "../../keras/graph.js";
import { activationOf } from "../activations.js";
import { Arguments } from "../arguments/arguments.js";
import { ComputedLayer, type WeightSpec } from "../computed-layer.js";
import { dtypePolicy, type QuantizedMode } from "./dtype-policy.js";
import { loraOf } from "./lora.js";
import { inputRounding, roundToFloat8 } from "./quantized-inputs.js";
import type { LayerContext } from "../registry.js";

/**
 * A Dense of a quantised or LoRA model: its kernel de-quantised to float32, its input rounded as Keras rounds it
 * (`_int8_call`, `_int4_call`, `_float8_call` of keras/src/layers/core/dense.py). [batch, ..., features] to
 * [batch, ..., units]. Null where the layer's policy quantises nothing and it has no `lora_rank`.
 */
export function quantizedDense(spec: LayerSpec, { origin }: LayerContext): ComputedLayer | null {
  const mode = dtypePolicy(spec.config)?.quantized ?? null;
  const lora = loraOf(spec);
  if (mode === null && lora === null) return null;
  const args = new Arguments(spec);
  const units = args.integer("units", undefined, 1);
  const bias = args.flag("use_bias", true);
  const activation = activationOf(args.raw("activation"), origin);
  const rounding = inputRounding(spec);
  return new ComputedLayer("Dense", spec, {
    storedInOrder: true,
    weights: ([x]) => {
      const own: WeightSpec[] = [
        {
          name: "kernel",
          shape: [x!.at(-1) ?? 0, units],
          initializer: "glorotUniform",
          trainable: trainsKernel(mode),
        },
        ...(bias ? [{ name: "bias", shape: [units] }] : []),
      ];
      return [...(lora?.weights(own) ?? own), ...(mode === "float8" ? [INPUTS_SCALE] : [])];
    },
    outputShape: ([x]) => [...x!.slice(0, -1), units],
    compute: ([x], { weights }) => {
      const inputs =
        mode === "float8" ? roundToFloat8(x!, weights.at(-1)!) : (rounding?.(x!, [x!.rank - 1]) ?? x!);
      let y = product(inputs, weights[0]!);
      if (lora) y = tf.add(y, product(x!, lora.product(weights)));
      return activation.apply(bias ? tf.add(y, weights[1]!) : y);
    },
  });
}

/** Whole numbers do not train in Keras; float8 layers keep their kernel in float32. */
export function trainsKernel(mode: QuantizedMode | null): boolean {
  return mode === null || mode === "float8";
}

/** The stored scale of a float8 layer's input. */
export const INPUTS_SCALE: WeightSpec = {
  name: "inputs_scale",
  shape: [],
  trainable: false,
  initializer: "ones",
  saved: null,
};

function product(x: tf.Tensor, kernel: tf.Tensor): tf.Tensor {
  const flat = tf.reshape(x, [-1, kernel.shape[0]!]) as tf.Tensor2D;
  return tf.reshape(tf.matMul(flat, kernel as tf.Tensor2D), [...x.shape.slice(0, -1), kernel.shape[1]!]);
}
