import * as tf from "@tensorflow/tfjs";
import { type Config, flag, number, numberOrNull, numbers, text } from "../config-values.js";
import { sameRank } from "../losses/reduction.js";
import { type Metric, oneNumber, ratio } from "./metric.js";
import { oneHot } from "../../ops/one-hot.js";

/** Metrics of overlap, F-scores and explained variance (keras/metrics iou_, f_score_ and regression_metrics.py). */
export const CLASS_METRICS: readonly (readonly [string, (name: string, config: Config) => Metric])[] = [
  ["IoU", (name, config) => overlap(name, config, classes(config), asLabels(config))],
  ["MeanIoU", (name, config) => overlap(name, config, classes(config), asLabels(config))],
  ["OneHotIoU", (name, config) => overlap(name, config, classes(config), asLabels(config, false))],
  ["OneHotMeanIoU", (name, config) => overlap(name, config, classes(config), asLabels(config, false))],
  ["BinaryIoU", (name, config) => overlap(name, config, 2, thresholded(number(config, "threshold", 0.5)))],
  ["FBetaScore", fScore],
  ["F1Score", fScore],
  ["R2Score", explained],
  ["RSquare", explained],
];

type Labels = (yTrue: tf.Tensor, yPred: tf.Tensor) => [tf.Tensor, tf.Tensor];

function classes(config: Config): number {
  return number(config, "num_classes", 2);
}

/** Classes as numbers, from numbers or from one-hot rows. */
function asLabels(config: Config, sparse = true): Labels {
  const axis = number(config, "axis", -1);
  const label = (x: tf.Tensor, isSparse: boolean) => (isSparse ? x : tf.argMax(x, axis));
  return (yTrue, yPred) => [
    label(yTrue, flag(config, "sparse_y_true", sparse)),
    label(yPred, flag(config, "sparse_y_pred", sparse)),
  ];
}

function thresholded(threshold: number): Labels {
  return (yTrue, yPred) => [yTrue, tf.cast(tf.greaterEqual(yPred, threshold), "int32")];
}

/** Intersection over union from one confusion matrix [true, predicted]. */
function overlap(name: string, config: Config, size: number, labels: Labels): Metric {
  const targets = numbers(config, "target_class_ids") ?? Array.from({ length: size }, (_, i) => i);
  const ignored = numberOrNull(config, "ignore_class");
  // Keras 3 counts in integers, and cuts weights down to them.
  const integers = text(config, "dtype", "float32").startsWith("int");
  return {
    name,
    increments(yTrue, yPred, weights) {
      const [t, p] = labels(yTrue, yPred).map((x) => tf.cast(tf.reshape(x, [-1]), "int32")) as [
        tf.Tensor1D,
        tf.Tensor1D,
      ];
      const hot = (x: tf.Tensor1D) => oneHot(x, size) as tf.Tensor2D;
      const kept = ignored === null ? tf.onesLike(t) : tf.cast(tf.notEqual(t, ignored), "int32");
      const whole = weights && integers ? tf.floor(weights) : weights;
      const weight = whole ? tf.mul(tf.reshape(whole, [-1]), kept) : kept;
      const rows = tf.mul(hot(t), tf.expandDims(tf.cast(weight, "float32"), 1)) as tf.Tensor2D;
      return [tf.matMul(rows, hot(p), true, false)];
    },
    result([matrix]) {
      const diagonal = tf.sum(tf.mul(matrix!, tf.eye(size)), 0);
      const union = tf.sub(tf.add(tf.sum(matrix!, 0), tf.sum(matrix!, 1)), diagonal);
      const hits = tf.gather(diagonal, targets);
      const all = tf.gather(union, targets);
      const valid = tf.cast(tf.greater(all, 1e-9), "float32");
      const each = tf.mul(tf.div(hits, tf.add(all, 1e-7)), valid);
      return tf.div(tf.sum(each), tf.add(tf.sum(valid), 1e-7)).asScalar();
    },
  };
}

function fScore(name: string, config: Config): Metric {
  const beta = number(config, "beta", 1);
  const threshold = numberOrNull(config, "threshold");
  const average = text(config, "average", "none");
  const positive = (p: tf.Tensor) =>
    threshold === null
      ? tf.logicalAnd(tf.greaterEqual(p, tf.max(p, -1, true)), tf.greater(tf.abs(p), 1e-9))
      : tf.greater(p, threshold);
  const sum = (x: tf.Tensor) => (average === "micro" ? tf.sum(x) : tf.sum(x, 0));
  return {
    name,
    increments(yTrue, yPred, weights) {
      const p = tf.cast(positive(yPred), "float32");
      const each = (x: tf.Tensor) => sum(weights ? tf.mul(x, tf.expandDims(weights, 1)) : x);
      const not = (x: tf.Tensor) => tf.sub(1, x);
      return [each(tf.mul(p, yTrue)), each(tf.mul(p, not(yTrue))), each(tf.mul(not(p), yTrue)), each(yTrue)];
    },
    result([hits, wrong, missed, support]) {
      const precision = tf.div(hits!, tf.add(tf.add(hits!, wrong!), 1e-7));
      const recall = tf.div(hits!, tf.add(tf.add(hits!, missed!), 1e-7));
      const both = tf.add(tf.add(tf.mul(precision, beta * beta), recall), 1e-7);
      const score = tf.mul(tf.div(tf.mul(precision, recall), both), 1 + beta * beta);
      if (average !== "weighted") return oneNumber(score);
      return tf.sum(tf.mul(score, tf.div(support!, tf.add(tf.sum(support!), 1e-7)))).asScalar();
    },
  };
}

/** Sums of y, of its squares, of squared errors, of weights, and the number of elements. */
function explained(name: string, config: Config): Metric {
  const regressors = number(config, "num_regressors", 0);
  return {
    name,
    increments(yTrue, yPred, weights) {
      const [t, p] = sameRank(yTrue, yPred);
      const weight = weights ? tf.mul(tf.onesLike(t), tf.reshape(weights, [-1, 1])) : tf.onesLike(t);
      const sum = (x: tf.Tensor) => tf.sum(tf.mul(x, weight), 0);
      return [
        sum(t),
        sum(tf.square(t)),
        sum(tf.squaredDifference(t, p)),
        tf.sum(weight, 0),
        tf.scalar(t.size),
      ];
    },
    result([sum, squares, errors, count, samples]) {
      const total = tf.sub(squares!, tf.div(tf.square(sum!), count!));
      const raw = tf.sub(1, tf.div(errors!, total));
      const each = tf.where(tf.isInf(raw), tf.zerosLike(raw), raw);
      const score =
        config["class_aggregation"] === "variance_weighted_average"
          ? ratio(tf.sum(tf.mul(total, each)), tf.sum(total))
          : tf.mean(each);
      if (regressors === 0) return score.asScalar();
      const freedom = tf.sub(tf.sub(samples!, regressors), 1);
      const adjusted = tf.sub(1, tf.div(tf.mul(tf.sub(1, score), tf.sub(samples!, 1)), freedom));
      return tf.where(tf.greater(freedom, 0), adjusted, score).asScalar();
    },
  };
}
