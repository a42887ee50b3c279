import type * as tf from "@tensorflow/tfjs";

/** Where TensorFlow.js keeps a layer's variables. */
interface Variables {
  _trainableWeights: tf.LayerVariable[];
  _nonTrainableWeights: tf.LayerVariable[];
}

/** What layers trained before some of it was left out. */
const before = new WeakMap<tf.layers.Layer, readonly tf.LayerVariable[]>();

/**
 * Takes variables out of what a layer trains. Their own mark alone would not last: freezing the layer and thawing it
 * sets it anew for all that the layer trains.
 */
export function leaveOut(layer: tf.layers.Layer, out: ReadonlySet<tf.LayerVariable>): void {
  const inner = layer as unknown as Variables;
  const left = inner._trainableWeights.filter((variable) => out.has(variable));
  if (left.length === 0) return;
  before.set(layer, [...inner._trainableWeights]);
  inner._trainableWeights = inner._trainableWeights.filter((variable) => !out.has(variable));
  inner._nonTrainableWeights = [...left, ...inner._nonTrainableWeights];
  for (const variable of left) variable.trainable = false;
}

/** Gives a layer back what was left out of what it trains. */
export function takeBack(layer: tf.layers.Layer): void {
  const all = before.get(layer);
  if (!all) return;
  const inner = layer as unknown as Variables;
  inner._nonTrainableWeights = inner._nonTrainableWeights.filter((variable) => !all.includes(variable));
  inner._trainableWeights = [...all];
  for (const variable of all) variable.trainable = layer.trainable;
  before.delete(layer);
}
