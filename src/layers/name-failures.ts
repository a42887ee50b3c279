import type * as tf from "@tensorflow/tfjs";
import type { LayerSpec } from "../keras/graph.js";
import { OwnError } from "../own-error.js";

const named = new WeakSet<Error>();

/**
 * Lets what fails while a model runs say in which layer it did, and on what: back ends speak of their kernels alone.
 * A `RangeError` (no memory, an index outside) stays one.
 */
export function nameFailures(layer: tf.layers.Layer, spec: LayerSpec): void {
  const call = layer.call.bind(layer);
  layer.call = (inputs, kwargs) => {
    try {
      return call(inputs, kwargs);
    } catch (error) {
      throw isNamed(error) ? error : inLayer(error, spec, Array.isArray(inputs) ? inputs : [inputs]);
    }
  };
}

/** By a layer inside of this one, or because it is an error of ours, which says itself where and why. */
function isNamed(error: unknown): boolean {
  return !(error instanceof Error) || named.has(error) || error instanceof OwnError;
}

function inLayer(error: unknown, spec: LayerSpec, inputs: readonly tf.Tensor[]): Error {
  const kind = error instanceof RangeError ? RangeError : Error;
  const on = inputs.map((x) => `[${x?.shape?.join(", ") ?? "?"}]`).join(" and ");
  const message = error instanceof Error ? error.message : String(error);
  const made = new kind(`Layer "${spec.path}" (${spec.className}) on ${on}: ${message}`, { cause: error });
  named.add(made);
  return made;
}
