import * as tf from "@tensorflow/tfjs";

/** A layer in a field of another. */
export interface HeldLayer {
  /** The field: `query`, `blocks`. */
  readonly field: string;
  readonly layer: tf.layers.Layer;
}

/** The layers in a layer's fields, alone, in lists or in plain objects, in their order. */
export function heldLayers(layer: tf.layers.Layer): HeldLayer[] {
  return Object.entries(layer)
    .filter(([field]) => !AROUND.test(field))
    .flatMap(([field, value]) => layersIn(value).map((held) => ({ field, layer: held })));
}

/** A layer's connections lead to the layers around it. */
const AROUND = /Nodes$/;

function layersIn(value: unknown): tf.layers.Layer[] {
  if (value instanceof tf.layers.Layer) return [value];
  if (Array.isArray(value)) return value.flatMap(layersIn);
  const plain =
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return plain ? Object.values(value).flatMap(layersIn) : [];
}
