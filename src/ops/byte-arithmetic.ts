import * as tf from "@tensorflow/tfjs";
import { turnedOver } from "./elementwise.js";

/** Operations of which bytes make bytes again: what is beyond their range begins anew at its other end. */
const WRAP: ReadonlySet<string> = new Set([
  "Add",
  "Subtract",
  "Multiply",
  "Square",
  "Negative",
  "Power",
  "Cumsum",
  "Cumprod",
]);

/** The same in TensorFlow 2, whose sums and running sums are of the type of what is added, too. */
const WRAP_FUNCTION =
  /^(math\.)?(add|add_n|subtract|multiply|square|negative|pow|cumsum|cumprod|reduce_sum|reduce_prod|reduce_mean|squared_difference|scalar_mul|matmul|tensordot)$|^(linalg\.)?matmul$|^__operators__\.(add|sub|mul|pow|neg)$/;

/** The least and the largest number of each type narrower than what tfjs computes with. */
const RANGES: ReadonlyMap<string, readonly [number, number]> = new Map([
  ["int8", [-128, 127]],
  ["uint8", [0, 255]],
  ["int16", [-32768, 32767]],
  ["uint16", [0, 65535]],
]);

/**
 * The type that an operation of Keras 3 makes of narrow integers; null for what is computed in wider types. The calls
 * that take the result say its type. Where nothing takes it, a whole constant is taken for a whole number: JSON read by
 * JavaScript has no difference between the 2 that stays a byte and the 2.0 that makes fractions.
 * @param declared the type that the file has for the result, null where it has none
 */
export function byteType(
  operation: string,
  declared: string | null,
  types: readonly (string | null)[],
  operands: readonly unknown[],
): string | null {
  if (declared !== null) return RANGES.has(declared) && operation !== "Cast" ? declared : null;
  const [type] = types;
  if (!WRAP.has(operation) || !type || !RANGES.has(type)) return null;
  const alike = types.every((other) => other === type);
  return alike && operands.every((x) => x instanceof tf.Tensor || Number.isInteger(x)) ? type : null;
}

/** The same of a function of TensorFlow 2, where a constant becomes of the type of the tensor beside it. */
export function byteTypeOfFunction(symbol: string, types: readonly (string | null)[]): string | null {
  const type = types.find((other) => other !== null);
  return type && RANGES.has(type) && WRAP_FUNCTION.test(symbol) ? type : null;
}

/** 434 is 178 to uint8; a mean of whole numbers leaves its fraction out. */
export function asByte(x: tf.Tensor, type: string): tf.Tensor {
  const [least, most] = RANGES.get(type)!;
  return tf.tidy(() => {
    return turnedOver(tf.cast(x, "int32"), least, most - least + 1);
  });
}
