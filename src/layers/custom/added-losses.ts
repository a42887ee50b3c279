import * as tf from "@tensorflow/tfjs";

/** What the layers of the user's add to the loss while a batch runs in `evaluate` or `fit`; null at other times. */
let gathered: tf.Scalar[] | null = null;

/** Gathers what layers add to the loss, until `endLosses`. */
export function beginLosses(): void {
  endLosses();
  gathered = [];
}

/** What was added so far; freed by `endLosses`. */
export function addedLosses(): readonly tf.Scalar[] {
  return gathered ?? [];
}

export function endLosses(): void {
  tf.dispose(gathered ?? []);
  gathered = null;
}

/**
 * Adds to the loss of the batch that runs, as Keras's `add_loss`: the sum of the tensor. While the model predicts it
 * does nothing.
 */
export function addLoss(value: tf.Tensor): void {
  // The layer's own scope would free it at once.
  gathered?.push(tf.keep(tf.tidy(() => tf.sum(value).asScalar())));
}
