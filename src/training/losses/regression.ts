import * as tf from "@tensorflow/tfjs";
import { type Config, number } from "../config-values.js";
import type { LossValues } from "./loss.js";
import { sameRank } from "./reduction.js";

const EPSILON = 1e-7;

/** Losses of numbers against numbers (keras/losses/losses.py). */
export const REGRESSION: readonly (readonly [readonly string[], (config: Config) => LossValues])[] = [
  [["MeanSquaredError", "mse"], () => mean((t, p) => tf.squaredDifference(t, p))],
  [["MeanAbsoluteError", "mae"], () => mean((t, p) => tf.abs(tf.sub(t, p)))],
  [["MeanAbsolutePercentageError", "mape"], () => mean(percentage)],
  [["MeanSquaredLogarithmicError", "msle"], () => mean(logarithmic)],
  [["LogCosh", "LogCoshError"], () => mean(logCosh)],
  [["Huber", "huber_loss"], (config) => mean(huber(number(config, "delta", 1)))],
  [["Poisson"], () => mean((t, p) => tf.sub(p, tf.mul(t, tf.log(tf.add(p, EPSILON)))))],
  [["CosineSimilarity", "cosine_proximity", "cosine"], (config) => cosine(number(config, "axis", -1))],
  [["KLDivergence", "kullback_leibler_divergence", "kld"], () => divergence],
  [["Hinge"], () => mean((t, p) => margin(hingeLabels(t), p))],
  [["SquaredHinge"], () => mean((t, p) => tf.square(margin(hingeLabels(t), p)))],
  [["CategoricalHinge"], () => categoricalHinge],
  [["PinballLoss"], (config) => mean(pinball(number(config, "tau", 0.5)))],
  [["ContrastiveLoss"], (config) => contrastive(number(config, "margin", 1))],
];

/** The mean over the last axis of what two tensors of the same rank give. */
function mean(each: (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor): LossValues {
  return (yTrue, yPred) => {
    const [t, p] = sameRank(yTrue, yPred);
    const values = each(t, p);
    return values.rank === 0 ? values : tf.mean(values, -1);
  };
}

function percentage(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
  const difference = tf.div(tf.sub(yTrue, yPred), tf.maximum(tf.abs(yTrue), EPSILON));
  return tf.mul(tf.abs(difference), 100);
}

function logarithmic(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
  const log = (x: tf.Tensor) => tf.log(tf.add(tf.maximum(x, EPSILON), 1));
  return tf.squaredDifference(log(yPred), log(yTrue));
}

function logCosh(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
  const x = tf.sub(yPred, yTrue);
  return tf.sub(tf.add(x, tf.softplus(tf.mul(x, -2))), Math.LN2);
}

function huber(delta: number): (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor {
  return (yTrue, yPred) => {
    const size = tf.abs(tf.sub(yPred, yTrue));
    const near = tf.mul(tf.square(size), 0.5);
    const far = tf.sub(tf.mul(size, delta), 0.5 * delta * delta);
    return tf.where(tf.lessEqual(size, delta), near, far);
  };
}

function pinball(tau: number): (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor {
  return (yTrue, yPred) => {
    const over = tf.sub(yTrue, yPred);
    return tf.maximum(tf.mul(over, tau), tf.mul(over, tau - 1));
  };
}

function cosine(axis: number): LossValues {
  const unit = (x: tf.Tensor) => {
    const norm = tf.sqrt(tf.maximum(tf.sum(tf.square(x), axis, true), 1e-12));
    return tf.div(x, norm);
  };
  return (yTrue, yPred) => {
    const [t, p] = sameRank(yTrue, yPred);
    return tf.neg(tf.sum(tf.mul(unit(t), unit(p)), axis));
  };
}

function divergence(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
  const t = tf.clipByValue(yTrue, EPSILON, 1);
  const p = tf.clipByValue(yPred, EPSILON, 1);
  return tf.sum(tf.mul(t, tf.log(tf.div(t, p))), -1);
}

/** Labels of 0 and 1 become -1 and 1, where all are 0 or 1. */
function hingeLabels(labels: tf.Tensor): tf.Tensor {
  const binary = tf.all(tf.logicalOr(tf.equal(labels, 0), tf.equal(labels, 1)));
  return tf.where(binary, tf.sub(tf.mul(labels, 2), 1), labels);
}

function margin(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
  return tf.maximum(tf.sub(1, tf.mul(yTrue, yPred)), 0);
}

function categoricalHinge(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
  const right = tf.sum(tf.mul(yTrue, yPred), -1);
  const wrong = tf.max(tf.mul(tf.sub(1, yTrue), yPred), -1);
  return tf.maximum(tf.add(tf.sub(wrong, right), 1), 0);
}

/** Distances of pairs, `yTrue` 1 for pairs that belong together (tensorflow_addons/losses/contrastive.py). */
function contrastive(apart: number): LossValues {
  return (yTrue, yPred) => {
    const far = tf.square(tf.maximum(tf.sub(apart, yPred), 0));
    return tf.add(tf.mul(yTrue, tf.square(yPred)), tf.mul(tf.sub(1, yTrue), far));
  };
}
