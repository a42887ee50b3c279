import * as tf from "@tensorflow/tfjs";
import { blankFirst, ctcBatchCost, ctcLoss, withinLengths } from "../ctc/ctc-loss.js";
import type { TensorFlowFunctions, Values } from "../operation.js";
import { OPERATIONS } from "../table.js";
import { float, int, number, tensor } from "../values.js";

/**
 * Connectionist temporal classification as functions of TensorFlow and of Keras 2's backend. A sparse tensor of labels
 * stands here as the dense one that it was made of, -1 where it has none.
 */
export const TENSORFLOW_CTC: TensorFlowFunctions = {
  "nn.ctc_loss": [
    "labels logits label_length logit_length logits_time_major unique blank_index",
    (values) => {
      const labels = int(values["labels"]);
      // Without lengths they come sparse.
      const sparse = (values["label_length"] ?? null) === null;
      const ended = sparse ? labels : withinLengths(labels, int(values["label_length"]));
      return lossOf(ended, values["logit_length"], number(values["blank_index"], sparse ? -1 : 0), values);
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
  "keras.backend.ctc_batch_cost": [
    "y_true y_pred input_length label_length",
    ({ y_true: labels, y_pred: shares, input_length: steps, label_length: lengths }) =>
      ctcBatchCost(tensor(labels), float(shares), tensor(steps), tensor(lengths)),
  ],
  "keras.backend.ctc_decode": ["y_pred input_length greedy beam_width top_paths", decoded],
};

function lossOf(labels: tf.Tensor, lengths: Values[string], blank: number, values: Values): tf.Tensor {
  const given = float(values["logits"]);
  const logits = values["logits_time_major"] === false ? given : tf.transpose(given, [1, 0, 2]);
  return ctcLoss(...blankFirst(labels, logits, blank), int(lengths));
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
