import * as tf from "@tensorflow/tfjs";
import { ctcLoss } from "../../ops/ctc/ctc-loss.js";
import { type Config, flag, number } from "../config-values.js";
import type { LossValues } from "./loss.js";
import { overTheRest } from "./reduction.js";

/** Losses of sequences and of embeddings (keras/losses/losses.py, tf.nn.ctc_loss). */
export const SEQUENCE: readonly (readonly [readonly string[], (config: Config) => LossValues])[] = [
  [
    ["CTC", "ctc_loss"],
    () => (yTrue, yPred) => ctcLoss(tf.cast(yTrue, "int32") as tf.Tensor2D, yPred as tf.Tensor3D),
  ],
  [["Circle"], circle],
];

const NEVER = -1e30;

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
    const values = tf.softplus(tf.add(near, far));
    // A sample without another of its class has none, and does not count.
    return overTheRest(values, tf.greater(values, 0), config);
  };
}
