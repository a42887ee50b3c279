import * as tf from "@tensorflow/tfjs";

/** What nothing has been added to. */
const LEAST = -Infinity;

/**
 * Logarithms of the running sums of exponentials along an axis, each as exact as its own size allows: no exponential
 * of a value is taken, which would overflow, nor of what it lies below the largest, which would vanish.
 */
export function runningLogSumExp(
  x: tf.Tensor,
  axis: number,
  exclusive: boolean,
  reverse: boolean,
): tf.Tensor {
  const ordered = reverse ? tf.reverse(x, axis) : x;
  let sums = exclusive ? movedOn(ordered, axis, 1) : ordered;
  // Each step doubles how many values a sum holds.
  for (let step = 1; step < x.shape[axis]!; step *= 2) sums = logAddExp(sums, movedOn(sums, axis, step));
  return reverse ? tf.reverse(sums, axis) : tf.clone(sums);
}

/** Values moved along the axis, with nothing in the places that they leave. */
function movedOn(x: tf.Tensor, axis: number, by: number): tf.Tensor {
  const length = x.shape[axis]!;
  if (length === 0) return x;
  const size = x.shape.map((n, i) => (i === axis ? length - by : n));
  const kept = tf.slice(
    x,
    x.shape.map(() => 0),
    size,
  );
  return tf.pad(
    kept,
    x.shape.map((_, i) => [i === axis ? by : 0, 0]),
    LEAST,
  );
}

function logAddExp(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const most = tf.maximum(a, b);
  // Infinities of one sign have no difference.
  const apart = tf.where(tf.equal(a, b), tf.zerosLike(a), tf.abs(tf.sub(a, b)));
  return tf.add(most, tf.log1p(tf.exp(tf.neg(apart))));
}
