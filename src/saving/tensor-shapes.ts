import type * as tf from "@tensorflow/tfjs";

/** Shape and dtype of each output of the layers, by path. */
export function shapesOf(layers: ReadonlyMap<string, tf.layers.Layer>) {
  return (path: string, tensorIndex: number): { shape: readonly (number | null)[]; dtype: string } => {
    const layer = layers.get(path) as
      { inboundNodes?: { outputShapes: tf.Shape | tf.Shape[] }[] } | undefined;
    const shapes = layer?.inboundNodes?.[0]?.outputShapes ?? [];
    const nested = Array.isArray(shapes[0]) ? (shapes as tf.Shape[]) : [shapes as tf.Shape];
    return { shape: nested[tensorIndex] ?? [null], dtype: "float32" };
  };
}
