import * as tf from "@tensorflow/tfjs";
import type { LayerSpec } from "../keras/graph.js";
import { isObject } from "../keras/json.js";
import { dtypePolicy } from "./dtype-policy.js";

/** Rounds a layer's input to the values that Keras's quantised arithmetic sees; `axes` are those summed over. */
export type InputRounding = (x: tf.Tensor, axes: readonly number[]) => tf.Tensor;

/**
 * What a quantised layer of Keras 3 does to its input before the product: int8 layers scale each row to [-127, 127]
 * and round, unless `quantization_config` has no activation quantizer; null for others. Before quantization configs
 * were saved (Keras 3.12 and older) int4 layers did the same.
 */
export function inputRounding(spec: LayerSpec): InputRounding | null {
  const mode = dtypePolicy(spec.config)?.quantized;
  if (mode !== "int8" && mode !== "int4") return null;
  const saved = spec.config["quantization_config"];
  if (saved === undefined) return roundToInt8;
  if (!isObject(saved) || !isObject(saved["config"])) return mode === "int8" ? roundToInt8 : null;
  return isObject(saved["config"]["activation_quantizer"]) ? roundToInt8 : null;
}

/** keras.quantizers.AbsMaxQuantizer on [-127, 127], back in float32. */
export function roundToInt8(x: tf.Tensor, axes: readonly number[]): tf.Tensor {
  const scale = tf.div(127, tf.add(tf.max(tf.abs(x), [...axes], true), 1e-7));
  return tf.div(tf.clipByValue(tf.round(tf.mul(x, scale)), -127, 127), scale);
}

/** The largest value of float8_e4m3fn, and the least exponent of its normal numbers. */
const E4M3 = { largest: 448, mantissa: 3, exponent: -6 };

/** Division by a scale, rounding to float8_e4m3fn, and back (keras.quantizers.quantize_and_dequantize). */
export function roundToFloat8(x: tf.Tensor, scale: tf.Tensor): tf.Tensor {
  const inside = tf.clipByValue(tf.div(x, scale), -E4M3.largest, E4M3.largest);
  return tf.mul(roundMantissa(inside, E4M3.mantissa, E4M3.exponent), scale);
}

/** The nearest bfloat16. */
export function roundToBfloat16(x: tf.Tensor): tf.Tensor {
  return roundMantissa(x, 7, -126);
}

/** Rounds to numbers with that many bits after the leading one, ties to even. */
function roundMantissa(x: tf.Tensor, bits: number, leastExponent: number): tf.Tensor {
  const size = tf.abs(x);
  const guess = tf.floor(tf.div(tf.log(tf.maximum(size, 2 ** leastExponent)), Math.LN2));
  // The logarithm of a number beside a power of two may fall on the wrong side of it.
  const high = tf.sub(guess, tf.cast(tf.greater(tf.pow(2, guess), size), "float32"));
  const exponent = tf.maximum(
    tf.add(high, tf.cast(tf.greaterEqual(size, tf.pow(2, tf.add(high, 1))), "float32")),
    leastExponent,
  );
  const step = tf.pow(2, tf.sub(exponent, bits));
  return tf.mul(tf.round(tf.div(x, step)), step);
}
