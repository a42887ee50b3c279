import type * as tf from "@tensorflow/tfjs";
import type { LayerCall, ModelGraph } from "./graph.js";

const never = new WeakSet<tf.layers.Layer>();

/**
 * A layer or nested model that is called with `training=False` wherever it is called, as Keras 2 saves it of a base
 * that is not to be trained: it predicts also while the model around it is trained.
 */
export function inferOnly(layer: tf.layers.Layer, call: LayerCall, { calls }: ModelGraph): void {
  if (!saysNot(call) || never.has(layer)) return;
  if (!calls.every((other) => other.layer !== call.layer || saysNot(other))) return;
  never.add(layer);
  const run = layer.call.bind(layer);
  layer.call = (inputs, kwargs) => run(inputs, { ...kwargs, training: false });
}

function saysNot({ kwargs }: LayerCall): boolean {
  const training = kwargs["training"];
  return training?.kind === "constant" && (training.value === false || training.value === 0);
}
