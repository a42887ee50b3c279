import type * as tf from "@tensorflow/tfjs";
import type { LayerSpec } from "../keras/graph.js";
import type { KerasOrigin } from "./registry.js";

const specs = new WeakMap<tf.layers.Layer, { readonly spec: LayerSpec; readonly origin: KerasOrigin }>();

/** Keeps with a layer what it was made from, and the Keras whose config that is. */
export function keepMadeFrom(layer: tf.layers.Layer, spec: LayerSpec, origin: KerasOrigin): void {
  specs.set(layer, { spec, origin });
}

/** What a layer was made from; undefined for layers of TensorFlow.js's own. */
export function madeFrom(layer: tf.layers.Layer): LayerSpec | undefined {
  return specs.get(layer)?.spec;
}

/** The Keras that a layer's config is of. */
export function originOf(layer: tf.layers.Layer): KerasOrigin | undefined {
  return specs.get(layer)?.origin;
}
