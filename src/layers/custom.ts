import type * as tf from "@tensorflow/tfjs";
import type { LayerDefinition } from "./registry.js";

/** A subclass of `tf.layers.Layer` whose constructor takes the saved config. */
export type CustomLayerClass = new (config: Record<string, unknown>) => tf.layers.Layer;

/** The layer's computation alone; its weights come from the file, in the file's order. */
export type CustomLayerCall = (
  inputs: tf.Tensor | tf.Tensor[],
  layer: {
    readonly weights: readonly tf.Tensor[];
    readonly config: Readonly<Record<string, unknown>>;
    readonly training: boolean;
  },
) => tf.Tensor | tf.Tensor[];

/**
 * A definition from what a user registered. The output shape is found by a trial run where the class does not
 * override `computeOutputShape`.
 * @param className the class as the file names it, `MyAttention` or `pkg>MyAttention`
 */
export function customLayer(
  _className: string,
  _implementation: CustomLayerClass | CustomLayerCall,
): LayerDefinition {
  throw new Error("customLayer is being written");
}
