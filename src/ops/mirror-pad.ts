import * as tf from "@tensorflow/tfjs";

/** As `tf.mirrorPad`, which refuses a tensor with an axis of no elements though nothing is added there. */
export function mirrorPad(
  x: tf.Tensor,
  sides: readonly (readonly [number, number])[],
  mode: "reflect" | "symmetric",
): tf.Tensor {
  const pairs = sides.map(([before, after]): [number, number] => [before, after]);
  const kept = x.shape.every((n, i) => n > 0 || (pairs[i]![0] === 0 && pairs[i]![1] === 0));
  if (x.size > 0 || !kept) return tf.mirrorPad(x, pairs, mode);
  return tf.zeros(
    x.shape.map((n, i) => n + pairs[i]![0] + pairs[i]![1]),
    x.dtype,
  );
}
