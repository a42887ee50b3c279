import * as tf from "@tensorflow/tfjs";
import { oneHot } from "../one-hot.js";

const NEVER = -1e30;

/**
 * Connectionist temporal classification: minus the logarithm of the probability of the labels over all alignments.
 * Class 0 is the blank, and ends the labels of a row.
 * @param labels [batch, labels], int32
 * @param logits [batch, time, classes]
 * @param lengths [batch], how many time steps of each row count; all of them by default
 * @returns [batch]
 */
export function ctcLoss(labels: tf.Tensor2D, logits: tf.Tensor3D, lengths?: tf.Tensor): tf.Tensor {
  const [batch, most] = labels.shape;
  const [, time, classes] = logits.shape;
  if (batch === 0) return tf.zeros([0]);
  const states = 2 * most + 1;
  const log = tf.logSoftmax(logits);
  // Blank, label, blank, label, ..., blank.
  const spaced = tf.stack([tf.zerosLike(labels), labels], 2).reshape([batch, 2 * most]);
  const path = tf.concat([spaced, tf.zeros([batch, 1], "int32")], 1);
  const hot = oneHot(path, classes) as tf.Tensor3D;
  const emissions = tf.matMul(log, hot, false, true);
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
    const next = tf.add(tf.logSumExp(tf.stack(stay, 0), 0), at(emissions, t));
    alpha = lengths ? tf.where(tf.greater(tf.reshape(lengths, [-1, 1]), t), next, alpha) : next;
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

/**
 * `K.ctc_batch_cost` (tf_keras/backend.py): of probabilities whose last class is the blank, with the lengths of each row.
 * @param yTrue [batch, labels]
 * @param yPred [batch, time, classes]
 * @param inputLength [batch, 1]
 * @param labelLength [batch, 1]
 * @returns [batch, 1]
 */
export function ctcBatchCost(
  yTrue: tf.Tensor,
  yPred: tf.Tensor,
  inputLength: tf.Tensor,
  labelLength: tf.Tensor,
): tf.Tensor {
  const [, most] = yTrue.shape as [number, number];
  const logits = tf.log(tf.add(yPred, 1e-7)) as tf.Tensor3D;
  const blank = logits.shape[2] - 1;
  const blankFirst = tf.concat(
    [tf.slice(logits, [0, 0, blank]), tf.slice(logits, [0, 0, 0], [-1, -1, blank])],
    2,
  );
  const counts = tf.less(tf.range(0, most, 1, "int32"), tf.reshape(tf.cast(labelLength, "int32"), [-1, 1]));
  const labels = tf.mul(
    tf.add(tf.cast(yTrue, "int32"), tf.scalar(1, "int32")),
    tf.cast(counts, "int32"),
  ) as tf.Tensor2D;
  return tf.expandDims(ctcLoss(labels, blankFirst, tf.cast(inputLength, "int32")), 1);
}

/** -1 behind the end of each row. */
export function withinLengths(labels: tf.Tensor, lengths: tf.Tensor): tf.Tensor {
  const places = tf.range(0, labels.shape.at(-1)!, 1, "int32");
  const inside = tf.less(places, tf.reshape(lengths, [-1, 1]));
  return tf.where(inside, labels, tf.fill(labels.shape, -1, "int32"));
}

/**
 * Labels, -1 behind the end of each row, and logits [batch, time, classes] as `ctcLoss` takes them: the blank in front.
 * @param blankAt the class of the blank, counted from the end where negative
 */
export function blankFirst(
  labels: tf.Tensor,
  logits: tf.Tensor,
  blankAt: number,
): [labels: tf.Tensor2D, logits: tf.Tensor3D] {
  const [batch, time, classes] = logits.shape as [number, number, number];
  const blank = blankAt < 0 ? blankAt + classes : blankAt;
  const cut = (from: number, count: number) => tf.slice(logits, [0, 0, from], [batch, time, count]);
  const ordered = tf.concat([cut(blank, 1), cut(0, blank), cut(blank + 1, classes - blank - 1)], 2);
  const moved = tf.add(labels, tf.cast(tf.less(labels, blank), "int32"));
  const ending = tf.mul(moved, tf.cast(tf.greaterEqual(labels, 0), "int32"));
  return [ending as tf.Tensor2D, ordered as tf.Tensor3D];
}
