import * as tf from "@tensorflow/tfjs";

/** The floating-point types of 16 bits, by their names in Keras. */
export type HalfType = "float16" | "bfloat16";

/** @returns null for the name of any other type */
export function halfType(name: string | null): HalfType | null {
  return name === "float16" || name === "bfloat16" ? name : null;
}

/** The type of what an operation makes of tensors that all are of it; null where they are not. */
export function halfTypeOf(declared: string | null, inputs: readonly (string | null)[]): HalfType | null {
  if (declared !== null) return halfType(declared);
  const [first = null] = inputs;
  return inputs.every((type) => type === first) ? halfType(first) : null;
}

/**
 * The nearest numbers of 16 bits, ties to even, in a float32 tensor: infinite from 65520 on in float16. Gradients are
 * rounded alike, as those of TensorFlow's casts are.
 */
export function roundToHalf(x: tf.Tensor, type: HalfType): tf.Tensor {
  const round = type === "float16" ? roundToFloat16 : roundToBfloat16;
  return tf.customGrad((value) => ({
    value: tf.tidy(() => round(value as tf.Tensor)),
    gradFunc: (dy: tf.Tensor) => tf.tidy(() => round(dy)),
  }))(x);
}

/** Below its least normal number, 2^-14, float16 has the multiples of 2^-24. */
function roundToFloat16(x: tf.Tensor): tf.Tensor {
  const nearest = withDigits(tf.clipByValue(x, -(2 ** 16), 2 ** 16), 11);
  const small = tf.div(tf.round(tf.mul(x, 2 ** 24)), 2 ** 24);
  const size = tf.abs(nearest);
  const rounded = tf.where(tf.less(size, 2 ** -14), small, nearest);
  // Divided by 1, or by 0 where float16 ends.
  return tf.div(rounded, tf.cast(tf.less(size, 2 ** 16), "float32"));
}

function roundToBfloat16(x: tf.Tensor): tf.Tensor {
  // The splitting of numbers near the end of float32 would go beyond it.
  const large = tf.mul(withDigits(tf.mul(x, 2 ** -30), 8), 2 ** 30);
  const nearest = tf.where(tf.less(tf.abs(x), 2 ** 100), withDigits(x, 8), large);
  return tf.where(tf.isFinite(x), nearest, x);
}

/** The nearest number of so many binary digits (Veltkamp's splitting). */
function withDigits(x: tf.Tensor, digits: number): tf.Tensor {
  const wide = tf.mul(x, 2 ** (24 - digits) + 1);
  return tf.sub(wide, tf.sub(wide, x));
}

/** A rounding whose gradient is that of its argument. */
export function passedStraight(x: tf.Tensor, rounded: () => tf.Tensor): tf.Tensor {
  return tf.customGrad(() => ({ value: rounded(), gradFunc: (dy) => dy as tf.Tensor }))(x);
}
