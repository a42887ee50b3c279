import * as tf from "@tensorflow/tfjs";
import { type Config, flag, number, numberOrNull, numbers, text } from "../config-values.js";
import { broadcastable, sameRank } from "../losses/reduction.js";
import { areaUnderCurve } from "./area-under-curve.js";
import { type Metric, oneNumber, ratio } from "./metric.js";

/** True positives, false positives, true negatives, false negatives, each by threshold. */
export type Confusion = readonly [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];

/** Metrics that count right and wrong answers at thresholds (keras/metrics/confusion_metrics.py). */
export const CONFUSION_METRICS: readonly (readonly [string, (name: string, config: Config) => Metric])[] = [
  ["TruePositives", counted(([tp]) => tp)],
  ["FalsePositives", counted(([, fp]) => fp)],
  ["TrueNegatives", counted(([, , tn]) => tn)],
  ["FalseNegatives", counted(([, , , fn]) => fn)],
  ["Precision", counted(precision)],
  ["Recall", counted(recall)],
  ["SensitivityAtSpecificity", under("specificity", specificity, recall)],
  ["SpecificityAtSensitivity", under("sensitivity", recall, specificity)],
  ["PrecisionAtRecall", under("recall", recall, precision)],
  ["RecallAtPrecision", under("precision", precision, recall)],
  ["AUC", areaMetric],
];

function precision([tp, fp]: Confusion): tf.Tensor {
  return ratio(tp, tf.add(tp, fp));
}

function recall([tp, , , fn]: Confusion): tf.Tensor {
  return ratio(tp, tf.add(tp, fn));
}

function specificity([, fp, tn]: Confusion): tf.Tensor {
  return ratio(tn, tf.add(tn, fp));
}

function counted(result: (counts: Confusion) => tf.Tensor): (name: string, config: Config) => Metric {
  return (name, config) => {
    const top = numberOrNull(config, "top_k");
    const thresholds = numbers(config, "thresholds") ?? [top === null ? 0.5 : -1e10];
    return {
      name,
      increments: (yTrue, yPred, weights) => count(yTrue, yPred, weights, thresholds, config),
      result: (totals) => oneNumber(result(totals as unknown as Confusion)),
    };
  };
}

/** The best of one measure among the thresholds at which another is at least what the config says. */
function under(
  argument: string,
  constrained: (counts: Confusion) => tf.Tensor,
  dependent: (counts: Confusion) => tf.Tensor,
): (name: string, config: Config) => Metric {
  return (name, config) => {
    const steps = number(config, "num_thresholds", 200);
    const thresholds = steps === 1 ? [0.5] : Array.from({ length: steps }, (_, i) => i / (steps - 1));
    const least = number(config, argument, number(config, "value", 0.5));
    return {
      name,
      increments: (yTrue, yPred, weights) => count(yTrue, yPred, weights, thresholds, config),
      result(totals) {
        const counts = totals as unknown as Confusion;
        const measure = dependent(counts);
        const feasible = tf.greaterEqual(constrained(counts), least);
        return tf.max(tf.where(feasible, measure, tf.zerosLike(measure))).asScalar();
      },
    };
  };
}

function areaMetric(name: string, config: Config): Metric {
  const given = numbers(config, "thresholds")?.toSorted((a, b) => a - b);
  // Keras 2 and 3 save the outermost thresholds with the others, just beyond 0 and 1.
  const inner = given?.filter((threshold) => threshold >= 0 && threshold <= 1);
  const steps = number(config, "num_thresholds", 200);
  const even = Array.from({ length: Math.max(0, steps - 2) }, (_, i) => (i + 1) / (steps - 1));
  const thresholds = [-1e-7, ...(inner ?? even), 1 + 1e-7];
  const byLabel = flag(config, "multi_label");
  const labelWeights = numbers(config, "label_weights");
  return {
    name,
    increments(yTrue, yPred, weights) {
      const p = flag(config, "from_logits") ? tf.sigmoid(yPred) : yPred;
      const spread = labelWeights && !byLabel ? weighted(weights, p, labelWeights) : weights;
      return count(yTrue, p, spread, thresholds, {}, byLabel);
    },
    result(totals) {
      const counts = totals as unknown as Confusion;
      const curve = text(config, "curve", "ROC");
      const area = areaUnderCurve(counts, curve, text(config, "summation_method", "interpolation"));
      if (!labelWeights || !byLabel) return oneNumber(area);
      const byWeight = tf.tensor1d(labelWeights);
      return ratio(tf.sum(tf.mul(area, byWeight)), tf.sum(byWeight)).asScalar();
    },
  };
}

function weighted(weights: tf.Tensor | null, values: tf.Tensor, labelWeights: number[]): tf.Tensor {
  const byLabel = tf.mul(tf.onesLike(values), tf.tensor1d(labelWeights));
  return weights ? tf.mul(byLabel, broadcastable(weights, values)) : byLabel;
}

/** Counts of a batch, [thresholds], or [thresholds, labels] where labels are counted apart. */
function count(
  yTrue: tf.Tensor,
  yPred: tf.Tensor,
  weights: tf.Tensor | null,
  thresholds: readonly number[],
  config: Config,
  byLabel = false,
): tf.Tensor[] {
  const [t, p] = narrowed(...sameRank(yTrue, yPred), config);
  const rows = byLabel ? [1, p.shape[0]!, p.size / p.shape[0]!] : [1, p.size];
  const spread = weights ? tf.mul(tf.onesLike(p), broadcastable(sameRank(p, weights)[1], p)) : tf.onesLike(p);
  const weight = tf.reshape(spread, rows);
  const label = tf.reshape(tf.cast(tf.cast(t, "bool"), "float32"), rows);
  const bounds = tf.tensor(thresholds as number[], [thresholds.length, ...rows.slice(1).map(() => 1)]);
  const positive = tf.cast(tf.greater(tf.reshape(p, rows), bounds), "float32");
  const sum = (a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.mul(tf.mul(a, b), weight), 1);
  const not = (x: tf.Tensor) => tf.sub(1, x);
  return [
    sum(label, positive),
    sum(not(label), positive),
    sum(not(label), not(positive)),
    sum(label, not(positive)),
  ];
}

/** Only the k highest predictions, or only one class, where the config says so. */
function narrowed(yTrue: tf.Tensor, yPred: tf.Tensor, config: Config): [tf.Tensor, tf.Tensor] {
  const top = numberOrNull(config, "top_k");
  const id = numberOrNull(config, "class_id");
  let p = yPred;
  if (top !== null) {
    const least = tf.slice(tf.topk(p, top).values, [0, top - 1], [-1, 1]);
    p = tf.where(tf.greaterEqual(p, least), p, tf.fill(p.shape, -1e10));
  }
  if (id === null) return [yTrue, p];
  return [tf.gather(yTrue, [id], yTrue.rank - 1), tf.gather(p, [id], p.rank - 1)];
}
