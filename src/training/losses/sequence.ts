import * as tf from "@tensorflow/tfjs";
import { type Config, flag, number } from "../config-values.js";
import type { LossValues } from "./loss.js";

/** Losses of sequences and of embeddings (keras/losses/losses.py, tf.nn.ctc_loss). */
export const SEQUENCE: readonly (readonly [readonly string[], (config: Config) => LossValues])[] = [
  [["CTC", "ctc_loss"], () => ctc],
  [["Circle"], circle],
];

const NEVER = -1e30;

/**
 * Connectionist temporal classification: minus the logarithm of the probability of the labels over all alignments.
 * Class 0 is the blank, and ends the labels of a row.
 * @param yTrue [batch, labels]
 * @param yPred logits [batch, time, classes]
 */
function ctc(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
  const labels = tf.cast(yTrue, "int32") as tf.Tensor2D;
  const [batch, most] = labels.shape;
  const [, time, classes] = yPred.shape as [number, number, number];
  const states = 2 * most + 1;
  const log = tf.logSoftmax(yPred);
  // Blank, label, blank, label, ..., blank.
  const spaced = tf.stack([tf.zerosLike(labels), labels], 2).reshape([batch, 2 * most]);
  const path = tf.concat([spaced, tf.zeros([batch, 1], "int32")], 1);
  const hot = tf.oneHot(path, classes, 1, 0, "float32") as tf.Tensor3D;
  const emissions = tf.matMul(log as tf.Tensor3D, hot, false, true);
  const jump = mayJump(path);
  let alpha = tf.where(
    tf
      .less(tf.range(0, states, 1, "int32"), 2)
      .expandDims(0)
      .tile([batch, 1]),
    at(emissions, 0),
    tf.fill([batch, states], NEVER),
  );
  for (let t = 1; t < time; t++) {
    const stay = [
      alpha,
      shifted(alpha, 1),
      tf.where(jump, shifted(alpha, 2), tf.fill([batch, states], NEVER)),
    ];
    alpha = tf.add(tf.logSumExp(tf.stack(stay, 0), 0), at(emissions, t));
  }
  const ends = tf.mul(tf.sum(tf.cast(tf.notEqual(labels, 0), "int32"), 1), 2);
  const only = (state: tf.Tensor) => tf.oneHot(tf.cast(state, "int32"), states, 0, NEVER, "float32");
  const last = only(ends);
  const before = only(tf.sub(ends, 1));
  return tf.neg(tf.logSumExp(tf.maximum(tf.add(alpha, last), tf.add(alpha, before)), 1));
}

function at(emissions: tf.Tensor, t: number): tf.Tensor {
  const [batch, , states] = emissions.shape as [number, number, number];
  return tf.slice(emissions, [0, t, 0], [batch, 1, states]).reshape([batch, states]);
}

function shifted(x: tf.Tensor, by: number): tf.Tensor {
  const [batch, states] = x.shape as [number, number];
  if (states <= by) return tf.fill([batch, states], NEVER);
  return tf.concat([tf.fill([batch, by], NEVER), tf.slice(x, [0, 0], [batch, states - by])], 1);
}

/** A label may follow the one before it without a blank where the two differ. */
function mayJump(path: tf.Tensor): tf.Tensor {
  const [batch, states] = path.shape as [number, number];
  if (states <= 2) return tf.zeros([batch, states], "bool");
  const before = tf.concat(
    [tf.fill([batch, 2], -1, "int32"), tf.slice(path, [0, 0], [batch, states - 2])],
    1,
  );
  return tf.logicalAnd(tf.notEqual(path, 0), tf.notEqual(path, before));
}

/** Circle loss of embeddings against those of the same batch; `yTrue` has the classes. */
function circle(config: Config): LossValues {
  const gamma = number(config, "gamma", 80);
  const margin = number(config, "margin", 0.4);
  const withoutItself = flag(config, "remove_diagonal", true);
  return (yTrue, yPred) => {
    const labels = tf.reshape(tf.cast(yTrue, "int32"), [-1, 1]);
    const size = labels.shape[0]!;
    const similar = tf.matMul(yPred as tf.Tensor2D, yPred as tf.Tensor2D, false, true);
    const distance = tf.maximum(tf.sub(1, similar), 0);
    const same = tf.equal(labels, tf.transpose(labels));
    const others = tf.logicalNot(tf.cast(tf.eye(size), "bool"));
    const positive = withoutItself ? tf.logicalAnd(same, others) : same;
    const part = (mask: tf.Tensor, weight: tf.Tensor, logits: tf.Tensor) => {
      const weights = tf.maximum(tf.mul(weight, tf.cast(mask, "float32")), 0);
      const values = tf.where(mask, tf.mul(weights, logits), tf.fill([size, size], NEVER));
      return tf.logSumExp(values, 1);
    };
    const near = part(positive, tf.add(distance, margin), tf.mul(tf.sub(margin, distance), -gamma));
    const far = part(
      tf.logicalNot(same),
      tf.sub(1 + margin, distance),
      tf.mul(tf.sub(1 - margin, distance), gamma),
    );
    return tf.softplus(tf.add(near, far));
  };
}
