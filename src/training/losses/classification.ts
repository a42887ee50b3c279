import * as tf from "@tensorflow/tfjs";
import { type Config, flag, number, numberOrNull, numbers } from "../config-values.js";
import type { LossValues } from "./loss.js";
import { overTheRest, sameRank } from "./reduction.js";
import { oneHot } from "../../ops/one-hot.js";

const EPSILON = 1e-7;

/** Losses of classes (keras/losses/losses.py, keras/backend/tensorflow/nn.py). */
export const CLASSIFICATION: readonly (readonly [readonly string[], (config: Config) => LossValues])[] = [
  [["BinaryCrossentropy", "bce"], binaryCrossentropy],
  [["CategoricalCrossentropy"], categoricalCrossentropy],
  [["SparseCategoricalCrossentropy"], sparseCategoricalCrossentropy],
  [["BinaryFocalCrossentropy"], binaryFocal],
  [["CategoricalFocalCrossentropy"], categoricalFocal],
  [["CategoricalGeneralizedCrossEntropy"], generalized],
  [["Dice"], dice],
  [["Tversky"], tversky],
  [["SigmoidFocalCrossEntropy"], sigmoidFocal],
];

/** Cross-entropy of each element, from probabilities or logits. */
function binaryValues(target: tf.Tensor, output: tf.Tensor, fromLogits: boolean): tf.Tensor {
  if (fromLogits) {
    const smooth = tf.log1p(tf.exp(tf.neg(tf.abs(output))));
    return tf.add(tf.sub(tf.relu(output), tf.mul(output, target)), smooth);
  }
  const p = tf.clipByValue(output, EPSILON, 1 - EPSILON);
  const one = tf.mul(target, tf.log(p));
  const other = tf.mul(tf.sub(1, target), tf.log(tf.sub(1, p)));
  return tf.neg(tf.add(one, other));
}

function binaryCrossentropy(config: Config): LossValues {
  const fromLogits = flag(config, "from_logits");
  return (yTrue, yPred) => {
    const [target, output] = ofOneShape(yTrue, yPred);
    const values = binaryValues(smoothed(target, config, 2), output, fromLogits);
    return tf.mean(values, number(config, "axis", -1));
  };
}

/**
 * Labels and outputs of one rank, as all losses take them, and of one shape, which these refuse to do without
 * (keras/src/losses/losses.py `squeeze_or_expand_to_same_rank`, keras/src/backend/tensorflow/nn.py).
 */
function ofOneShape(yTrue: tf.Tensor, yPred: tf.Tensor): [tf.Tensor, tf.Tensor] {
  const [target, output] = sameRank(yTrue, yPred);
  if (tf.util.arraysEqual(target.shape, output.shape)) return [target, output];
  throw new RangeError(
    `Labels [${yTrue.shape.join(", ")}] are not of the shape of the outputs, [${yPred.shape.join(", ")}].`,
  );
}

/** Mixes labels with the mean of all classes by `label_smoothing`. */
function smoothed(yTrue: tf.Tensor, config: Config, classes: number): tf.Tensor {
  const smoothing = number(config, "label_smoothing", 0);
  return smoothing === 0 ? yTrue : tf.add(tf.mul(yTrue, 1 - smoothing), smoothing / classes);
}

/** Logarithms of probabilities along an axis, which need not add up to 1 in the output. */
function logProbabilities(output: tf.Tensor, fromLogits: boolean, axis: number): tf.Tensor {
  if (fromLogits) return logSoftmax(output, axis);
  const sum = tf.sum(output, axis, true);
  return tf.log(tf.clipByValue(tf.div(output, sum), EPSILON, 1 - EPSILON));
}

function logSoftmax(x: tf.Tensor, axis: number): tf.Tensor {
  const shifted = tf.sub(x, tf.max(x, axis, true));
  return tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), axis, true)));
}

function categoricalCrossentropy(config: Config): LossValues {
  const axis = number(config, "axis", -1);
  const fromLogits = flag(config, "from_logits");
  return (yTrue, yPred) => {
    const [labels, output] = ofOneShape(yTrue, yPred);
    const target = smoothed(labels, config, labels.shape.at(-1) ?? 1);
    return tf.neg(tf.sum(tf.mul(target, logProbabilities(output, fromLogits, axis)), axis));
  };
}

/** Labels as numbers of classes; `ignore_class` leaves out those of one class. */
function sparseCategoricalCrossentropy(config: Config): LossValues {
  const axis = number(config, "axis", -1);
  const fromLogits = flag(config, "from_logits");
  const ignored = numberOrNull(config, "ignore_class");
  return (yTrue, yPred) => {
    const labels =
      yTrue.rank === yPred.rank && yTrue.shape.at(axis) === 1 ? tf.squeeze(yTrue, [yTrue.rank - 1]) : yTrue;
    const kept = ignored === null ? null : tf.notEqual(labels, ignored);
    const classes = tf.cast(kept ? tf.mul(labels, tf.cast(kept, labels.dtype)) : labels, "int32");
    const log = sparseLog(yPred, fromLogits, axis);
    const hot = oneHot(classes, log.shape.at(-1)!);
    const values = tf.neg(tf.sum(tf.mul(hot, log), -1));
    return kept ? overTheRest(values, kept, config) : values;
  };
}

/** Keras clips probabilities before it lets them add up to 1; classes come last. */
function sparseLog(output: tf.Tensor, fromLogits: boolean, axis: number): tf.Tensor {
  const last = axis === -1 || axis === output.rank - 1 ? output : toLast(output, axis);
  return logSoftmax(fromLogits ? last : tf.log(tf.clipByValue(last, EPSILON, 1 - EPSILON)), last.rank - 1);
}

function toLast(x: tf.Tensor, axis: number): tf.Tensor {
  const from = axis < 0 ? axis + x.rank : axis;
  return tf.transpose(x, [...x.shape.keys()].filter((i) => i !== from).concat(from));
}

function binaryFocal(config: Config): LossValues {
  const gamma = number(config, "gamma", 2);
  const alpha = number(config, "alpha", 0.25);
  return (yTrue, yPred) => {
    const [labels, output] = ofOneShape(yTrue, yPred);
    const target = smoothed(labels, config, 2);
    const p = flag(config, "from_logits") ? tf.sigmoid(output) : output;
    const right = likelihood(target, p);
    const focal = tf.mul(tf.pow(tf.sub(1, right), gamma), binaryValues(target, p, false));
    const balanced = flag(config, "apply_class_balancing") ? tf.mul(balance(target, alpha), focal) : focal;
    return tf.mean(balanced, number(config, "axis", -1));
  };
}

/** The probability that was given to the right answer. */
function likelihood(target: tf.Tensor, p: tf.Tensor): tf.Tensor {
  return tf.add(tf.mul(target, p), tf.mul(tf.sub(1, target), tf.sub(1, p)));
}

function balance(target: tf.Tensor, alpha: number): tf.Tensor {
  return tf.add(tf.mul(target, alpha), tf.mul(tf.sub(1, target), 1 - alpha));
}

/** tensorflow_addons/losses/focal_loss.py */
function sigmoidFocal(config: Config): LossValues {
  const fromLogits = flag(config, "from_logits");
  return (yTrue, yPred) => {
    const p = fromLogits ? tf.sigmoid(yPred) : yPred;
    const factor = tf.pow(tf.sub(1, likelihood(yTrue, p)), number(config, "gamma", 2));
    const weighted = tf.mul(balance(yTrue, number(config, "alpha", 0.25)), factor);
    return tf.sum(tf.mul(weighted, binaryValues(yTrue, yPred, fromLogits)), -1);
  };
}

function categoricalFocal(config: Config): LossValues {
  const axis = number(config, "axis", -1);
  const gamma = number(config, "gamma", 2);
  // One for each class, or one for all.
  const alphas = numbers(config, "alpha") ?? [0.25];
  return (yTrue, yPred) => {
    const alpha = alphas.length === 1 ? alphas[0]! : tf.tensor1d(alphas);
    const target = smoothed(yTrue, config, yTrue.shape.at(-1) ?? 1);
    const given = flag(config, "from_logits") ? tf.exp(logSoftmax(yPred, axis)) : yPred;
    const p = tf.clipByValue(tf.div(given, tf.sum(given, axis, true)), EPSILON, 1 - EPSILON);
    const factor = tf.mul(tf.pow(tf.sub(1, p), gamma), alpha);
    return tf.sum(tf.mul(factor, tf.neg(tf.mul(target, tf.log(p)))), axis);
  };
}

function generalized(config: Config): LossValues {
  const q = number(config, "q", 0.5);
  return (yTrue, yPred) => {
    const labels = yTrue.rank === yPred.rank ? tf.squeeze(yTrue, [yTrue.rank - 1]) : yTrue;
    const hot = oneHot(labels, yPred.shape.at(-1)!);
    return tf.div(tf.sub(1, tf.pow(tf.sum(tf.mul(yPred, hot), -1), q)), q);
  };
}

/** Over an axis or several of the config; over all, to one number for a batch, where it has none. */
function sumOver(config: Config): (x: tf.Tensor) => tf.Tensor {
  const axes = numbers(config, "axis");
  return (x) => (axes === null ? tf.sum(x) : tf.sum(x, axes));
}

function dice(config: Config): LossValues {
  const sum = sumOver(config);
  return (yTrue, yPred) => {
    const both = tf.add(tf.add(sum(yTrue), sum(yPred)), EPSILON);
    return tf.sub(1, tf.div(tf.mul(sum(tf.mul(yTrue, yPred)), 2), both));
  };
}

function tversky(config: Config): LossValues {
  const sum = sumOver(config);
  const [alpha, beta] = [number(config, "alpha", 0.5), number(config, "beta", 0.5)];
  return (yTrue, yPred) => {
    const hit = sum(tf.mul(yTrue, yPred));
    const falsePositive = tf.mul(sum(tf.mul(tf.sub(1, yPred), yTrue)), alpha);
    const falseNegative = tf.mul(sum(tf.mul(yPred, tf.sub(1, yTrue))), beta);
    const all = tf.add(tf.add(tf.add(hit, falsePositive), falseNegative), EPSILON);
    return tf.sub(1, tf.div(hit, all));
  };
}
