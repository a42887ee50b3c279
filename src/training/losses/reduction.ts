import * as tf from "@tensorflow/tfjs";
import type { Config } from "../config-values.js";

/** How a loss makes one number of the values of its samples; `auto` of Keras 2 is `sum_over_batch_size`. */
export type Reduction = "sum_over_batch_size" | "sum" | "none" | "mean_with_sample_weight";

export function reductionOf(saved: unknown): Reduction {
  switch (saved) {
    case "sum":
    case "none":
    case "mean_with_sample_weight":
      return saved;
    default:
      return "sum_over_batch_size";
  }
}

/**
 * One number of a loss's values, weighted by sample (keras/losses/loss.py `reduce_weighted_values`).
 * @param values of any shape that begins with the batch
 * @param weights one for each sample, or of the shape of the values; null for none
 */
export function reduceWeighted(
  values: tf.Tensor,
  weights: tf.Tensor | null,
  reduction: Reduction,
): tf.Scalar {
  const kept = KEPT.get(values) ?? null;
  const counted = weights && kept ? maskedWeights(weights, kept, reduction) : (weights ?? kept);
  const [v, w] = counted ? sameRank(values, counted) : [values, null];
  const weighted = w ? tf.mul(v, broadcastable(w, v)) : v;
  const sum = tf.sum(weighted);
  if (reduction === "sum") return sum.asScalar();
  if (reduction === "mean_with_sample_weight" && w) return tf.divNoNan(sum, tf.sum(w)).asScalar();
  return tf.div(sum, Math.max(1, weighted.size)).asScalar();
}

/**
 * Whether a mean over masked steps is divided by all steps: Keras 2.3 to 2.9 and tf.keras 2.2.4 did so
 * (keras/engine/compile_utils.py), those before and after by the steps that the mask keeps.
 */
export function meanOverAllSteps(version: string | null): boolean {
  const [, minor, patch, ofTensorFlow] = /^2\.(\d+)\.(\d+)(-tf)?/.exec(version ?? "") ?? [];
  if (minor === undefined) return false;
  const [m, p] = [Number(minor), Number(patch)];
  return (m >= 3 && m < 10) || (m === 2 && p >= 4 && ofTensorFlow !== undefined);
}

/**
 * Sample weights that leave out what the mask of an output leaves out; in a mean over the batch what is left counts
 * as much more (keras/losses/loss.py `apply_mask`), unless the mean is over all steps.
 * @param mask [batch, steps], 0 where a step does not count; null for none
 * @param overAll whether the mean is divided by all steps: `meanOverAllSteps`
 */
export function maskedWeights(
  weights: tf.Tensor | null,
  mask: tf.Tensor | null,
  reduction: Reduction,
  overAll = false,
): tf.Tensor | null {
  if (!mask) return weights;
  const share = tf.divNoNan(tf.scalar(mask.size), tf.sum(mask));
  const kept = reduction === "sum_over_batch_size" && !overAll ? tf.mul(mask, share) : mask;
  if (!weights) return kept;
  const [k, w] = sameRank(kept, weights);
  return tf.mul(broadcastable(w, k), broadcastable(k, w));
}

/** Ones behind the shape of weights by sample, so that they spread over what a sample has. */
export function broadcastable(weights: tf.Tensor, values: tf.Tensor): tf.Tensor {
  const missing = values.rank - weights.rank;
  return missing <= 0 ? weights : weights.reshape([...weights.shape, ...Array<number>(missing).fill(1)]);
}

/** Takes a last dimension of 1 off the tensor that has one more, or gives it to the other, as Keras does. */
export function sameRank(a: tf.Tensor, b: tf.Tensor): [tf.Tensor, tf.Tensor] {
  if (a.rank === b.rank + 1 && a.shape.at(-1) === 1) {
    return b.rank === 1 ? [a, tf.expandDims(b, -1)] : [tf.squeeze(a, [a.rank - 1]), b];
  }
  if (b.rank === a.rank + 1 && b.shape.at(-1) === 1) {
    return a.rank === 1 ? [tf.expandDims(a, -1), b] : [a, tf.squeeze(b, [b.rank - 1])];
  }
  return [a, b];
}

/** Which values count, where a mean is over the weights of those: the mask that Keras puts on the values. */
const KEPT = new WeakMap<tf.Tensor, tf.Tensor>();

/** Zeros for values that do not count; a loss that is a mean is one over the rest. */
export function overTheRest(values: tf.Tensor, kept: tf.Tensor, config: Config): tf.Tensor {
  const some = tf.where(kept, values, tf.zerosLike(values));
  if (!("reduction" in config) || config["reduction"] === "sum") return some;
  if (config["reduction"] === "mean_with_sample_weight") {
    KEPT.set(some, tf.cast(kept, "float32"));
    return some;
  }
  return tf.mul(some, tf.divNoNan(values.size, tf.sum(tf.cast(kept, "float32"))));
}
