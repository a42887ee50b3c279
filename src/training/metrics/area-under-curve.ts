import * as tf from "@tensorflow/tfjs";
import type { Confusion } from "./confusion-metrics.js";
import { ratio } from "./metric.js";

/**
 * The area under the ROC, PR or PRGain curve, summed as Keras's AUC does.
 * @param counts by threshold, rising; a second axis for labels is kept
 * @param method `interpolation`, `minoring` or `majoring`
 */
export function areaUnderCurve(counts: Confusion, curve: string, method: string): tf.Tensor {
  if (curve.toUpperCase() === "PR" && method === "interpolation") return interpolated(counts);
  const [x, y] = axes(counts, curve);
  const [left, right] = [firsts(y), lasts(y)];
  const heights =
    method === "minoring"
      ? tf.minimum(left, right)
      : method === "majoring"
        ? tf.maximum(left, right)
        : tf.div(tf.add(left, right), 2);
  return tf.sum(tf.mul(tf.sub(firsts(x), lasts(x)), heights), 0);
}

function axes([tp, fp, tn, fn]: Confusion, curve: string): [tf.Tensor, tf.Tensor] {
  const recall = ratio(tp, tf.add(tp, fn));
  if (curve.toUpperCase() === "ROC") return [ratio(fp, tf.add(fp, tn)), recall];
  if (curve.toUpperCase() === "PR") return [recall, ratio(tp, tf.add(tp, fp))];
  const scale = ratio(tf.add(tp, fn), tf.add(tn, fp));
  const none = tf.equal(tp, 0);
  const gain = (wrong: tf.Tensor) => tf.sub(1, tf.mul(scale, ratio(wrong, tp)));
  const recallGain = tf.where(none, tf.zerosLike(tp), gain(fn));
  return [tf.maximum(recallGain, 0), tf.where(none, tf.onesLike(tp), gain(fp))];
}

/** Davis and Goadrich's interpolation between the points of a PR curve. */
function interpolated([tp, fp, , fn]: Confusion): tf.Tensor {
  const all = tf.add(tp, fp);
  const hits = tf.sub(firsts(tp), lasts(tp));
  const slope = ratio(hits, tf.maximum(tf.sub(firsts(all), lasts(all)), 0));
  const intercept = tf.sub(lasts(tp), tf.mul(slope, lasts(all)));
  const both = tf.logicalAnd(tf.greater(firsts(all), 0), tf.greater(lasts(all), 0));
  const step = ratio(firsts(all), tf.maximum(lasts(all), 0));
  const safe = tf.where(both, step, tf.onesLike(step));
  const area = tf.mul(slope, tf.add(hits, tf.mul(intercept, tf.log(safe))));
  return tf.sum(ratio(area, tf.maximum(tf.add(lasts(tp), lasts(fn)), 0)), 0);
}

function firsts(x: tf.Tensor): tf.Tensor {
  return tf.slice(x, [0], [x.shape[0]! - 1]);
}

function lasts(x: tf.Tensor): tf.Tensor {
  return tf.slice(x, [1]);
}
