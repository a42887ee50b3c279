import * as tf from "@tensorflow/tfjs";

/** Operations of which bytes make bytes again: what is beyond their range begins anew at its other end. */
const WRAP: ReadonlySet<string> = new Set(["Add", "Subtract", "Multiply", "Square"]);

/**
 * The type that comes of bytes alone; null for what is computed in wider types. A constant beside them says nothing:
 * JSON read by JavaScript has no difference between the 2 that stays a byte and the 2.0 that makes fractions.
 */
export function byteType(
  operation: string,
  types: readonly (string | null)[],
  operands: readonly unknown[],
): string | null {
  const [type] = types;
  if (!WRAP.has(operation) || (type !== "uint8" && type !== "int8")) return null;
  const alike = types.every((other) => other === type) && operands.every((x) => x instanceof tf.Tensor);
  return alike ? type : null;
}

/** 434 is 178 to uint8. */
export function asByte(x: tf.Tensor, type: string): tf.Tensor {
  const least = type === "int8" ? -128 : 0;
  return tf.tidy(() => tf.add(tf.mod(tf.sub(x, least), 256), least));
}
