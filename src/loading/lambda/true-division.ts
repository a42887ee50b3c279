import * as tf from "@tensorflow/tfjs";
import type { Term } from "./value.js";

/** Python's `/`, also of two tensors of whole numbers, whose rest `tf.div` drops. */
export function quotient(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return tf.div(a.dtype === "int32" && b.dtype === "int32" ? tf.cast(a, "float32") : a, b);
}

export function quotientText(a: Term, b: Term): string {
  const dividend = mayBeWhole(a) && mayBeWhole(b) ? `tf.cast(${a.text}, "float32")` : a.text;
  return `tf.div(${dividend}, ${b.text})`;
}

/** Types are known when it runs; the text goes by what makes whole numbers, and by names, which may be such. */
function mayBeWhole({ kind, text }: Term): boolean {
  return kind === "tensor" && /"int32"|\barg(Max|Min)\b|^\w+$/.test(text);
}
