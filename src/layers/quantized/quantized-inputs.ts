import * as tf from "@tensorflow/tfjs";
import { passedStraight } from "../../ops/half-precision.js";
import type { JsonValue } from "../../formats/model-file.js";
import { LayerError } from "../../keras/finding.js";
import type { LayerSpec } from "../../keras/graph.js";
import { isObject, type JsonObject } from "../../keras/json.js";
import { dtypePolicy } from "./dtype-policy.js";

/** Rounds a layer's input to the values that Keras's quantised arithmetic sees; `axes` are those summed over. */
export type InputRounding = (x: tf.Tensor, axes: readonly number[]) => tf.Tensor;

/**
 * What a quantised layer of Keras 3 does to its input before the product: int8 layers scale each row to [-127, 127]
 * and round, unless `quantization_config` has no activation quantizer, or one with another range; null for others.
 * Before quantization configs were saved (Keras 3.12 and older) int4 layers did the same.
 */
export function inputRounding(spec: LayerSpec): InputRounding | null {
  const mode = dtypePolicy(spec.config)?.quantized;
  if (mode !== "int8" && mode !== "int4") return null;
  const saved = spec.config["quantization_config"];
  if (saved === undefined) return roundToInt8;
  if (!isObject(saved) || !isObject(saved["config"])) return mode === "int8" ? roundToInt8 : null;
  const quantizer = saved["config"]["activation_quantizer"];
  return isObject(quantizer) ? rounderOf(quantizer) : null;
}

/** @throws LayerError where the quantizer is none of Keras's, or its range none of numbers */
function rounderOf(quantizer: JsonObject): InputRounding {
  const { class_name: className, config } = quantizer;
  const said = isObject(config) ? config : {};
  const [low, high] = Array.isArray(said["value_range"]) ? said["value_range"] : INT8;
  const epsilon = said["epsilon"] ?? EPSILON;
  if (className !== "AbsMaxQuantizer" || !isNumber(low) || !isNumber(high) || !isNumber(epsilon))
    throw new LayerError(
      "A24",
      "quantization_config",
      `activation_quantizer = ${JSON.stringify(quantizer).slice(0, 100)}`,
      "it must be an AbsMaxQuantizer with a value_range of two numbers and an epsilon",
      "Correct the quantizer in the layer's config.",
    );
  return (x, axes) => roundInto(x, axes, [low, high], epsilon);
}

function isNumber(value: JsonValue | undefined): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

const INT8 = [-127, 127] as const;
/** `keras.backend.epsilon()` */
const EPSILON = 1e-7;

/** keras.quantizers.AbsMaxQuantizer on [-127, 127], back in float32. */
export function roundToInt8(x: tf.Tensor, axes: readonly number[]): tf.Tensor {
  return roundInto(x, axes, INT8, EPSILON);
}

function roundInto(
  x: tf.Tensor,
  axes: readonly number[],
  [low, high]: readonly [number, number],
  epsilon: number,
): tf.Tensor {
  return passedStraight(x, () => {
    const scale = tf.div(high, tf.add(tf.max(tf.abs(x), [...axes], true), epsilon));
    return tf.div(tf.clipByValue(tf.round(tf.mul(x, scale)), low, high), scale);
  });
}

/** The largest value of float8_e4m3fn, and the least exponent of its normal numbers. */
const E4M3 = { largest: 448, mantissa: 3, exponent: -6 };

/** Division by a scale, rounding to float8_e4m3fn, and back (keras.quantizers.quantize_and_dequantize). */
export function roundToFloat8(x: tf.Tensor, scale: tf.Tensor): tf.Tensor {
  return passedStraight(x, () => {
    const inside = tf.clipByValue(tf.div(x, scale), -E4M3.largest, E4M3.largest);
    return tf.mul(roundMantissa(inside, E4M3.mantissa, E4M3.exponent), scale);
  });
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
