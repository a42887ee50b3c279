import * as tf from "@tensorflow/tfjs";
import { OwnError } from "../own-error.js";
import { whyInputsDoNotFit } from "./data-that-fits.js";
import { ModelCallError } from "./model-call-error.js";
import { requireTensors } from "./require-tensors.js";

/** A layer called on what is no tensor, as in Keras it can be, says how one is made; then {@link explainModels}. */
export function explainApply(): void {
  const { apply } = tf.layers.Layer.prototype;
  tf.layers.Layer.prototype.apply = function (this: tf.layers.Layer, inputs, named) {
    requireTensors(`${this.name}.apply`, inputs);
    return apply.call(this, inputs, named);
  };
  explainModels();
}

/**
 * A model called as a layer: says what was given and what it takes, where TensorFlow.js fails in the middle of the model
 * at what does not fit, or at an input that was not given with "Cannot read properties of undefined". The error of
 * the model within is the cause of the one around it.
 */
function explainModels(): void {
  tf.LayersModel.prototype.apply = function (this: tf.LayersModel, inputs, named) {
    try {
      return tf.layers.Layer.prototype.apply.call(this, inputs, named);
    } catch (error) {
      const isTold = error instanceof OwnError && error.cause === undefined;
      // A sequential model has its inputs once it is built.
      const hasInputs = ((this as { inputs?: unknown[] }).inputs ?? []).length > 0;
      const why = isTold || !hasInputs ? null : whyInputsDoNotFit(this, `${this.name}.apply()`, inputs);
      throw why === null ? error : new ModelCallError(why, { cause: error });
    }
  };
}
