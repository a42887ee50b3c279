import * as tf from "@tensorflow/tfjs";

type AddWeight = (this: tf.layers.Layer, ...args: unknown[]) => tf.LayerVariable;

let done = false;

/**
 * Lets tfjs name a variable anew where its name is taken: it numbers names that it has seen, and never looks whether
 * `kernel_1`, which is what it calls the second `kernel`, is what a layer of the same name calls a variable of its own.
 */
export function nameVariablesFreely(): void {
  if (done) return;
  done = true;
  const prototype = tf.layers.Layer.prototype as unknown as { addWeight: AddWeight };
  const { addWeight } = prototype;
  const again: AddWeight = function (...args) {
    const { _addedWeightNames: added } = this as unknown as { _addedWeightNames: string[] };
    const before = added.length;
    try {
      return addWeight.apply(this, args);
    } catch (error) {
      // Each try counts the name on, so that one ends it.
      if (!/^Variable with name .* was already registered/.test((error as Error).message)) throw error;
      added.length = before;
      return again.apply(this, args);
    }
  };
  prototype.addWeight = again;
}
