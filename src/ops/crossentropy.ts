import * as tf from "@tensorflow/tfjs";
import { operation, type Operation, type Values } from "./operation.js";
import { axis, float, int, number } from "./values.js";
import { blankFirst, ctcLoss, withinLengths } from "./ctc/ctc-loss.js";
import { oneHot } from "./one-hot.js";

/** keras.config.epsilon(). */
const EPSILON = 1e-7;

/** keras/ops/nn.py: losses as operations. */
export const CROSSENTROPY: readonly Operation[] = [
  operation("BinaryCrossentropy", "target output", (values) => {
    const target = float(values["target"]);
    const given = float(values["output"]);
    const output = tf.clipByValue(
      values["from_logits"] === true ? tf.sigmoid(given) : given,
      EPSILON,
      1 - EPSILON,
    );
    const hit = tf.mul(target, tf.log(output));
    return tf.neg(tf.add(hit, tf.mul(tf.sub(1, target), tf.log(tf.sub(1, output)))));
  }),
  operation("CategoricalCrossentropy", "target output", (values) => {
    const { logs, at } = logProbabilities(values);
    return tf.neg(tf.sum(tf.mul(float(values["target"]), logs), at));
  }),
  operation("SparseCategoricalCrossentropy", "target output", (values) => {
    const { logs, at } = logProbabilities(values, false);
    const target = int(values["target"]);
    const flat = target.rank === logs.rank ? tf.squeeze(target, [at]) : target;
    const rows = oneHot(tf.reshape(flat, [-1]), logs.shape[at]!);
    return tf.neg(tf.sum(tf.mul(tf.reshape(rows, logs.shape), logs), at));
  }),
  operation("CTCLoss", "target output target_length output_length", (values) => {
    const labels = withinLengths(int(values["target"]), int(values["target_length"]));
    const [moved, logits] = blankFirst(labels, float(values["output"]), number(values["mask_index"], 0));
    return ctcLoss(moved, logits, int(values["output_length"]));
  }),
];

/** Logarithms of the shares of each class. */
function logProbabilities(values: Values, normalize = true): { logs: tf.Tensor; at: number } {
  const output = float(values["output"]);
  const at = axis(values["axis"], output.rank, -1);
  if (values["from_logits"] === true) {
    return { logs: tf.sub(output, tf.logSumExp(output, at, true)), at };
  }
  const shares = normalize ? tf.div(output, tf.sum(output, at, true)) : output;
  const clipped = tf.clipByValue(shares, EPSILON, 1 - EPSILON);
  // TensorFlow takes the logarithms for scores of their own.
  const logs = tf.log(clipped);
  return { logs: normalize ? logs : tf.sub(logs, tf.logSumExp(logs, at, true)), at };
}
