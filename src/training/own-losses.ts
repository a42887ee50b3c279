import type * as tf from "@tensorflow/tfjs";
import { LayerError } from "../keras/finding.js";
import { heldLayers } from "../layers/custom/held-layers.js";

type LossOf = () => tf.Scalar;

/**
 * What a class of the user's adds to the loss by means of TensorFlow.js: regularizers of `addWeight`, `addLoss` in its
 * constructor or `build`, and the same of the layers that it holds.
 */
export class OwnLosses {
  readonly #layers: readonly (readonly [tf.layers.Layer, number])[];

  constructor(layer: tf.layers.Layer) {
    this.#layers = withHeld(layer).map((each) => [each, each.losses.length] as const);
  }

  get any(): boolean {
    return this.#layers.some(([, count]) => count > 0);
  }

  /** @throws LayerError where `call` added to them: TensorFlow.js keeps what it is given there, call after call */
  values(): tf.Scalar[] {
    return this.#layers.flatMap(([layer, count]) => {
      if (layer.losses.length > count) throw gathers(layer, count);
      return layer.losses.map((loss) => (loss as LossOf)());
    });
  }
}

function gathers(layer: tf.layers.Layer, count: number): LayerError {
  // So that the next step, with the class corrected, does not stumble over them.
  layer.losses.splice(count);
  return new LayerError(
    "C21",
    undefined,
    `${layer.name} calls this.addLoss while it runs`,
    "TensorFlow.js keeps what it is given so, and would add the losses of all batches before",
    "Call addLoss of the second argument instead: call(inputs, { addLoss }) { addLoss(value); ... }.",
  );
}

/** A layer and those in its fields, at any depth. */
function withHeld(layer: tf.layers.Layer, seen = new Set<tf.layers.Layer>()): tf.layers.Layer[] {
  if (seen.has(layer)) return [];
  seen.add(layer);
  return [layer, ...heldLayers(layer).flatMap((held) => withHeld(held.layer, seen))];
}
