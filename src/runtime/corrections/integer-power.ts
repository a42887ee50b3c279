import * as tf from "@tensorflow/tfjs";
import { composed, replaceKernel } from "./kernel.js";

/**
 * Powers of integers by squaring. WebGPU has a power of floats alone: 5^2 gives 24, and a negative base NaN.
 */
export function powerBySquaring(backendName: string): void {
  const power = composed(({ a, b }) => integerPower(a!, b!));
  replaceKernel(
    backendName,
    "Pow",
    (own) => (args) => ((args.inputs["a"] as tf.TensorInfo).dtype === "int32" ? power(args) : own(args)),
  );
}

/** Above this every base but 0, 1 and -1 has left the range; those depend on odd or even alone. */
const LARGEST = 31;

function integerPower(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const int = (value: number) => tf.scalar(value, "int32");
  const parity = tf.mod(b, int(2));
  const exponent = tf.where(tf.greater(b, int(LARGEST)), tf.add(int(LARGEST - 1), parity), b);
  let result: tf.Tensor = tf.onesLike(tf.add(a, b));
  let square: tf.Tensor = a;
  let left: tf.Tensor = exponent;
  for (let bit = 0; bit < 5; bit++) {
    const odd = tf.equal(tf.mod(left, int(2)), int(1));
    const factor = tf.where(
      tf.logicalAnd(odd, tf.onesLike(tf.cast(tf.add(a, b), "bool"))),
      tf.mul(square, tf.onesLike(result)),
      tf.onesLike(result),
    );
    result = tf.mul(result, factor);
    square = tf.mul(square, square);
    left = tf.floorDiv(left, int(2));
  }
  return result;
}
