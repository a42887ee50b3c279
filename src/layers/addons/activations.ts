import * as tf from "@tensorflow/tfjs";

/**
 * The activations of TensorFlow Addons 0.23 (tensorflow_addons/activations) by their names without `Addons>`, with
 * the defaults of their arguments: a saved model names the function alone. `gelu` is the approximation, unlike
 * Keras's.
 */
export const ADDONS_ACTIVATIONS: ReadonlyMap<string, (x: tf.Tensor) => tf.Tensor> = new Map<
  string,
  (x: tf.Tensor) => tf.Tensor
>([
  ["gelu", (x) => addonsGelu(x, true)],
  ["hardshrink", (x) => tf.mul(x, tf.cast(tf.greater(tf.abs(x), 0.5), "float32"))],
  ["lisht", (x) => tf.mul(x, tf.tanh(x))],
  ["mish", (x) => tf.mul(x, tf.tanh(tf.softplus(x)))],
  // Leaky with a random slope in training; its mean, (1/8 + 1/3) / 2, when the model predicts.
  ["rrelu", (x) => tf.leakyRelu(x, (0.125 + 1 / 3) / 2)],
  ["snake", (x) => snake(x, tf.scalar(1))],
  ["softshrink", (x) => tf.mul(tf.sign(x), tf.relu(tf.sub(tf.abs(x), 0.5)))],
  ["sparsemax", (x) => projectedOnSimplex(x, -1)],
  ["tanhshrink", (x) => tf.sub(x, tf.tanh(x))],
]);

export function addonsGelu(x: tf.Tensor, approximate: boolean): tf.Tensor {
  if (!approximate) return tf.mul(tf.mul(x, 0.5), tf.add(1, tf.erf(tf.div(x, Math.SQRT2))));
  const cubed = tf.mul(tf.mul(x, x), x);
  const inner = tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, cubed)));
  return tf.mul(tf.mul(x, 0.5), tf.add(1, tf.tanh(inner)));
}

export function snake(x: tf.Tensor, frequency: tf.Tensor): tf.Tensor {
  const doubled = tf.mul(2, frequency);
  return tf.add(x, tf.div(tf.sub(1, tf.cos(tf.mul(doubled, x))), doubled));
}

/** Sparsemax (Martins and Astudillo, arXiv 1602.02068): the nearest point whose numbers are >= 0 and add up to 1. */
export function projectedOnSimplex(x: tf.Tensor, axis: number): tf.Tensor {
  const last = x.rank - 1;
  const at = axis < 0 ? axis + x.rank : axis;
  const order = Array.from({ length: x.rank }, (_, i) => (i === at ? last : i === last ? at : i));
  const z = at === last ? x : tf.transpose(x, order);
  const size = z.shape[last]!;
  const { values: sorted } = tf.topk(z, size, true);
  const ranks = tf.range(1, size + 1, 1, "float32");
  const inside = tf.cast(tf.greater(tf.add(1, tf.mul(ranks, sorted)), tf.cumsum(sorted, last)), "float32");
  const total = tf.sum(tf.mul(sorted, inside), last, true);
  const result = tf.relu(tf.sub(z, tf.div(tf.sub(total, 1), tf.sum(inside, last, true))));
  return at === last ? result : tf.transpose(result, order);
}
