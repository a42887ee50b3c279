import type * as tf from "@tensorflow/tfjs";
import { ComputedLayer } from "../computed-layer.js";
import { WrapperLayer } from "../wrapper-layer.js";

/**
 * Whether a layer's variables are stored in the order in which it has them, as those of a layer of which a matrix does
 * not train for now are; of others Keras stores those that train before the rest.
 */
export function storesInOrder(layer: tf.layers.Layer): boolean {
  if (layer instanceof ComputedLayer) return layer.computation.storedInOrder === true;
  const [only, ...others] = layer instanceof WrapperLayer ? layer.wrapped : [];
  return only !== undefined && others.length === 0 && storesInOrder(only);
}
