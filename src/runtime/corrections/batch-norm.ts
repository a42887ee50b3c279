import * as tf from "@tensorflow/tfjs";
import { composed, replaceKernel } from "./kernel.js";

/** In the way of TensorFlow's tf.nn.batch_normalization: in any rank, statistics of any shape that spreads to that of `x`. */
export const batchNorm = composed<{ varianceEpsilon: number }>(
  ({ x, mean, variance, offset, scale }, { varianceEpsilon }) => {
    const inverse = tf.rsqrt(tf.add(variance!, varianceEpsilon));
    const factor = scale ? tf.mul(inverse, scale) : inverse;
    const shift = offset ? tf.sub(offset, tf.mul(mean!, factor)) : tf.neg(tf.mul(mean!, factor));
    return tf.add(tf.mul(x!, factor), shift);
  },
);

/** The kernel repeats statistics number by number, whatever their shape: right for those of the last axis alone. */
export function spreadStatistics(backendName: string): void {
  replaceKernel(backendName, "FusedBatchNorm", (own) => (args) => {
    const { x, mean } = args.inputs as Record<"x" | "mean", tf.TensorInfo>;
    return tf.util.sizeFromShape(mean.shape) === x.shape.at(-1) && mean.shape.at(-1) === x.shape.at(-1)
      ? own(args)
      : batchNorm(args);
  });
}

/** The kernel takes rank 4 alone. */
export function normalizeAnyRank(backendName: string): void {
  replaceKernel(backendName, "FusedBatchNorm", (own) => (args) => {
    const { x } = args.inputs as { x: tf.TensorInfo };
    return x.shape.length === 4 ? own(args) : batchNorm(args);
  });
}
