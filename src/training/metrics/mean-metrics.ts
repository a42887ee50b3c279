import * as tf from "@tensorflow/tfjs";
import { type Config, number, numbers } from "../config-values.js";
import { type LossValues } from "../losses/loss.js";
import { broadcastable, sameRank } from "../losses/reduction.js";
import { type Metric, ratio } from "./metric.js";
import { oneHot } from "../../ops/one-hot.js";

/** A metric that is the mean of a function's values (keras/metrics/reduction_metrics.py). */
export function meanMetric(
  name: string,
  values: LossValues,
  finish: (mean: tf.Tensor) => tf.Tensor = (mean) => mean,
): Metric {
  return {
    name,
    ofFunction: true,
    increments: (yTrue, yPred, weights) => sumAndCount(values(yTrue, yPred), weights),
    result: ([sum, count]) => finish(ratio(sum!, count!)).asScalar(),
  };
}

/** Values are averaged for each sample, then weighted. */
function sumAndCount(values: tf.Tensor, weights: tf.Tensor | null): tf.Tensor[] {
  if (!weights) {
    const each = overSample(values, 1);
    return [tf.sum(each), tf.scalar(each.rank === 0 ? 1 : each.shape[0]!)];
  }
  const [v, w] = sameRank(values, weights);
  const each = overSample(v, w.rank);
  const spread = tf.mul(tf.onesLike(each), broadcastable(w, each));
  return [tf.sum(overSample(tf.mul(each, spread), 1)), tf.sum(overSample(spread, 1))];
}

/** The mean over all axes from `rank` on. */
function overSample(values: tf.Tensor, rank: number): tf.Tensor {
  if (values.rank <= rank) return values;
  return tf.mean(values, [...values.shape.keys()].slice(rank));
}

/** Metrics that are means of values of their own; those of losses come from the table of losses. */
export const MEAN_METRICS: readonly (readonly [readonly string[], (config: Config) => LossValues])[] = [
  [["Accuracy"], () => equal],
  [["BinaryAccuracy"], binaryAccuracy],
  [["CategoricalAccuracy"], () => categoricalAccuracy],
  [["SparseCategoricalAccuracy"], () => sparseAccuracy],
  [["TopKCategoricalAccuracy"], (config) => topK(number(config, "k", 5), (t) => tf.argMax(t, -1))],
  [["SparseTopKCategoricalAccuracy"], (config) => topK(number(config, "k", 5), sparseLabels)],
  [["CosineSimilarity", "cosine_proximity"], (config) => cosine(number(config, "axis", -1))],
  [["PearsonCorrelation"], (config) => pearson(number(config, "axis", -1))],
  [["ConcordanceCorrelation"], (config) => concordance(number(config, "axis", -1))],
  [["MeanRelativeError"], relativeError],
];

/** What `accuracy` means, by the shapes (keras/trainers/compile_utils.py `get_metric`). */
export function accuracyValues(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
  if (yPred.shape.at(-1) === 1) return binaryAccuracy({})(yTrue, yPred);
  const sparse = yTrue.rank < yPred.rank || yTrue.shape.at(-1) === 1;
  return (sparse ? sparseAccuracy : categoricalAccuracy)(yTrue, yPred);
}

function equal(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
  const [t, p] = sameRank(yTrue, yPred);
  return tf.cast(tf.equal(t, p), "float32");
}

function binaryAccuracy(config: Config): LossValues {
  const threshold = number(config, "threshold", 0.5);
  return (yTrue, yPred) => {
    const [t, p] = sameRank(yTrue, yPred);
    return tf.cast(tf.equal(t, tf.cast(tf.greater(p, threshold), "float32")), "float32");
  };
}

function categoricalAccuracy(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
  return tf.cast(tf.equal(tf.argMax(yTrue, -1), tf.argMax(yPred, -1)), "float32");
}

function sparseAccuracy(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
  const labels = yTrue.rank === yPred.rank ? tf.squeeze(yTrue, [yTrue.rank - 1]) : yTrue;
  return tf.cast(tf.equal(tf.cast(labels, "int32"), tf.argMax(yPred, -1)), "float32");
}

function sparseLabels(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
  const labels = yTrue.rank === yPred.rank ? tf.squeeze(yTrue, [yTrue.rank - 1]) : yTrue;
  return tf.cast(labels, "int32");
}

/** The right class counts where fewer than k others have more. */
function topK(k: number, labelsOf: (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor): LossValues {
  return (yTrue, yPred) => {
    const hot = oneHot(labelsOf(yTrue, yPred), yPred.shape.at(-1)!);
    const right = tf.sum(tf.mul(hot, yPred), -1, true);
    const better = tf.sum(tf.cast(tf.greater(yPred, right), "int32"), -1);
    return tf.cast(tf.less(better, k), "float32");
  };
}

function cosine(axis: number): LossValues {
  const unit = (x: tf.Tensor) => tf.div(x, tf.sqrt(tf.maximum(tf.sum(tf.square(x), axis, true), 1e-12)));
  return (yTrue, yPred) => {
    const [t, p] = sameRank(yTrue, yPred);
    return tf.sum(tf.mul(unit(t), unit(p)), axis);
  };
}

function pearson(axis: number): LossValues {
  const normal = (x: tf.Tensor) => {
    const centered = tf.sub(x, tf.mean(x, axis, true));
    return tf.div(centered, tf.sqrt(tf.mean(tf.square(centered), axis, true)));
  };
  return (yTrue, yPred) => tf.mean(tf.mul(normal(yTrue), normal(yPred)), axis);
}

function concordance(axis: number): LossValues {
  return (yTrue, yPred) => {
    const mean = (x: tf.Tensor) => tf.mean(x, axis, true);
    const variance = (x: tf.Tensor) => mean(tf.squaredDifference(x, mean(x)));
    // Keras centers both on the mean of the prediction.
    const together = tf.mul(tf.sub(yTrue, mean(yPred)), tf.sub(yPred, mean(yPred)));
    const apart = tf.squaredDifference(mean(yTrue), mean(yPred));
    const norm = tf.add(tf.add(tf.add(variance(yTrue), variance(yPred)), apart), 1e-7);
    return tf.mean(tf.div(tf.mul(together, 2), norm), axis);
  };
}

/** Keras 2 only: differences divided by `normalizer`. */
function relativeError(config: Config): LossValues {
  const normalizer = numbers(config, "normalizer") ?? [1];
  return (yTrue, yPred) => tf.divNoNan(tf.abs(tf.sub(yTrue, yPred)), tf.tensor(normalizer));
}
