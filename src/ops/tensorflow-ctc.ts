import * as tf from "@tensorflow/tfjs";
import { ctcLoss } from "./ctc-loss.js";
import type { TensorFlowFunctions, Values } from "./operation.js";
import { OPERATIONS } from "./table.js";
import { float, int, number } from "./values.js";

/**
 * Connectionist temporal classification as functions of TensorFlow and of Keras 2's backend. A sparse tensor of labels
 * stands here as the dense one that it was made of, -1 where it has none.
 */
export const TENSORFLOW_CTC: TensorFlowFunctions = {
  "nn.ctc_loss": [
    "labels logits label_length logit_length logits_time_major unique blank_index",
    (values) => {
      const labels = withinLengths(int(values["labels"]), int(values["label_length"]));
      return lossOf(labels, values["logit_length"], number(values["blank_index"], 0), values);
    },
  ],
  "compat.v1.nn.ctc_loss": [
    "labels inputs>logits sequence_length preprocess_collapse_repeated ctc_merge_repeated " +
      "ignore_longer_outputs_than_inputs time_major>logits_time_major logits>logits",
    (values) => {
      if (values["preprocess_collapse_repeated"] === true || values["ctc_merge_repeated"] === false)
        throw new Error("only labels as they are, with repeated outputs merged, are known here");
      return lossOf(int(values["labels"]), values["sequence_length"], -1, values);
    },
  ],
  "keras.backend.ctc_label_dense_to_sparse": [
    "labels label_lengths",
    ({ labels, label_lengths: lengths }) => withinLengths(int(labels), int(lengths)),
  ],
  "keras.backend.ctc_decode": ["y_pred input_length greedy beam_width top_paths", decoded],
};

/** -1 behind the end of each row. */
function withinLengths(labels: tf.Tensor, lengths: tf.Tensor): tf.Tensor {
  const places = tf.range(0, labels.shape.at(-1)!, 1, "int32");
  const inside = tf.less(places, tf.reshape(lengths, [-1, 1]));
  return tf.where(inside, labels, tf.fill(labels.shape, -1, "int32"));
}

/** The blank goes to the front, where `ctcLoss` has it. */
function lossOf(labels: tf.Tensor, lengths: Values[string], blankAt: number, values: Values): tf.Tensor {
  const given = float(values["logits"]);
  const logits = values["logits_time_major"] === false ? given : tf.transpose(given, [1, 0, 2]);
  const [batch, time, classes] = logits.shape as [number, number, number];
  const blank = blankAt < 0 ? blankAt + classes : blankAt;
  const cut = (from: number, count: number) => tf.slice(logits, [0, 0, from], [batch, time, count]);
  const ordered = tf.concat([cut(blank, 1), cut(0, blank), cut(blank + 1, classes - blank - 1)], 2);
  const moved = tf.add(labels, tf.cast(tf.less(labels, blank), "int32"));
  const ending = tf.mul(moved, tf.cast(tf.greaterEqual(labels, 0), "int32"));
  return ctcLoss(ending as tf.Tensor2D, ordered as tf.Tensor3D, int(lengths));
}

/** Probabilities [batch, steps, classes], the last class the blank (tf_keras/backend.py). */
function decoded(values: Values): tf.Tensor[] {
  const probabilities = float(values["y_pred"]);
  const greedy = values["greedy"] !== false;
  const [labels, scores] = OPERATIONS.get("CTCDecode")!.compute({
    inputs: tf.log(tf.add(probabilities, 1e-7)),
    sequence_lengths: tf.reshape(int(values["input_length"]), [-1]),
    strategy: greedy ? "greedy" : "beam_search",
    beam_width: number(values["beam_width"], 100),
    top_paths: number(values["top_paths"], 1),
  }) as [tf.Tensor, tf.Tensor];
  return [...tf.unstack(labels, 0), scores];
}
