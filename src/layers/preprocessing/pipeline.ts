import type * as tf from "@tensorflow/tfjs";
import type { Shape } from "../computed-layer.js";
import type { LayerDefinition } from "../registry.js";
import { WrapperLayer } from "../wrapper-layer.js";

/** keras/layers/preprocessing/pipeline.py: layers one after another, as one. */
export const PIPELINE: LayerDefinition = {
  className: "Pipeline",
  majors: [3],
  arguments: ["layers"],
  create(spec, context) {
    const layers = (spec.inner["layers"] ?? []).map((inner) => context.build(inner));
    return new WrapperLayer("Pipeline", spec.name, layers, {
      build: ([x]) => {
        layers.reduce<Shape>((shape, layer) => {
          if (!layer.built) layer.build(shape);
          layer.built = true;
          return layer.computeOutputShape(shape) as Shape;
        }, x!);
      },
      outputShape: ([x]) =>
        layers.reduce<Shape>((shape, layer) => layer.computeOutputShape(shape) as Shape, x!),
      compute: ([x], kwargs) =>
        layers.reduce<tf.Tensor>((y, layer) => layer.apply(y, kwargs) as tf.Tensor, x!),
    });
  },
};
