import type * as tf from "@tensorflow/tfjs";
import { createLayer } from "../layers/create.js";
import { unknownClass } from "./connect-problems.js";
import type { ConnectOptions } from "./connection.js";
import type { LayerSpec } from "./graph.js";

/**
 * Makes one layer by its config.
 * @param trying true where the layer is made to be thrown away: its adjustments are told when it is made to stay
 * @param build makes a layer that this one wraps
 */
export function makeLayer(
  spec: LayerSpec,
  options: ConnectOptions,
  trying: boolean,
  build: (inner: LayerSpec) => tf.layers.Layer,
): tf.layers.Layer {
  const definition = options.resolve(spec);
  if (!definition) throw unknownClass(spec);
  const layer = createLayer(spec, definition, {
    origin: options.origin,
    storedShapes: options.storedShapes(spec),
    stored: options.stored?.(spec) ?? null,
    asset: (name) => options.asset?.(spec, name) ?? null,
    build,
    custom: (inner) => options.custom?.(inner) ?? false,
    adjust: (adjustment) => {
      if (!trying) options.adjusted?.(spec, adjustment);
    },
  });
  // The stored weights follow: filling kernels with random numbers first would take most of the time.
  if (!options.initialize) layer.setFastWeightInitDuringBuild(true);
  return layer;
}
