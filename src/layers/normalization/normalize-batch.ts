import * as tf from "@tensorflow/tfjs";

/** What a batch is normalized by; both are kept, and disposed of by who asked. */
export interface BatchStatistics {
  /** [channels], as the variance */
  readonly mean: tf.Tensor;
  /** That of the batch itself, not of a sample. */
  readonly variance: tf.Tensor;
}

export interface NormalizedBatch extends BatchStatistics {
  readonly y: tf.Tensor;
}

/** Normalizes images by their own statistics in one step, with its gradient in another. */
export interface BatchNormDevice {
  /** Whether the back end in use is its own. */
  serves(): boolean;
  /** @param x [images, rows, columns, channels] @param gamma [channels], as beta */
  run(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, epsilon: number): NormalizedBatch;
}

let device: BatchNormDevice | null = null;

/** Told by a back end that has such a kernel. */
export function normalizeBatchesOn(given: BatchNormDevice): void {
  device = given;
}

/**
 * (x - mean) / sqrt(variance + epsilon) x gamma + beta with mean and variance of all axes but the last, as a layer in
 * training. The gradient is that of Ioffe and Szegedy (2015), section 3, in one formula: step by step it goes over `x`
 * three times as often and keeps five tensors of its size where this keeps `x` alone. Only while `isOfFirstOrder()`.
 */
export function normalizeBatch(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  epsilon: number,
): NormalizedBatch {
  const channels = x.shape.at(-1)!;
  const flat = tf.reshape(x, [1, 1, x.size / channels, channels]);
  const made = device?.serves() ? device.run(flat, gamma, beta, epsilon) : run(flat, gamma, beta, epsilon);
  return { ...made, y: tf.reshape(made.y, x.shape) };
}

const OVER = [0, 1, 2];

function run(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, epsilon: number): NormalizedBatch {
  let statistics: BatchStatistics | null = null;
  const normalize = tf.customGrad((...given) => {
    const [x, gamma, beta] = given.slice(0, 3) as [tf.Tensor, tf.Tensor, tf.Tensor];
    const save = given[3] as unknown as tf.GradSaveFunc;
    const { mean, variance } = tf.moments(x, OVER);
    statistics = { mean: tf.keep(mean), variance: tf.keep(variance) };
    const inverse = tf.rsqrt(tf.add(variance, epsilon));
    const factor = tf.mul(inverse, gamma);
    save([x, gamma, mean, inverse]);
    const value = tf.add(tf.mul(x, factor), tf.sub(beta, tf.mul(mean, factor)));
    return { value, gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => gradients(dy, saved) };
  });
  const y = normalize(x, gamma, beta);
  return { y, ...statistics! };
}

/** dx = gamma / deviation x (dy - mean of dy - (x - mean) / variance x mean of dy (x - mean)) */
function gradients(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
  const [x, gamma, mean, inverse] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const count = x.size / gamma.size;
  const total = tf.sum(dy, OVER);
  const along = tf.mul(tf.sum(tf.mul(dy, tf.sub(x, mean)), OVER), inverse);
  const factor = tf.mul(gamma, inverse);
  const slope = tf.mul(tf.mul(factor, inverse), tf.div(along, -count));
  const rest = tf.sub(tf.mul(factor, tf.div(total, -count)), tf.mul(slope, mean));
  const dx = tf.add(tf.add(tf.mul(dy, factor), tf.mul(x, slope)), rest);
  return [dx, along, total];
}
