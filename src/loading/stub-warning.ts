import type * as tf from "@tensorflow/tfjs";
import { plural } from "./notation.js";
import { stubbedLayers } from "./summarize.js";

const METHODS = ["predict", "predictOnBatch", "evaluate"] as const;

/** Says at every prediction of a model with stubs that the numbers are not those of the saved model. */
export function warnOfStubs(model: tf.LayersModel, name: string): void {
  const layers = stubbedLayers(model);
  if (layers.length === 0) return;
  const shown = layers.slice(0, 4).join(", ") + (layers.length > 4 ? ", …" : "");
  const text = `${name}: ${plural(layers.length, "stub")} (${shown}) on the way, so these are not the saved model's numbers.`;
  for (const method of METHODS) {
    const run = model[method].bind(model) as (...given: unknown[]) => unknown;
    Object.defineProperty(model, method, {
      configurable: true,
      value: (...given: unknown[]) => {
        console.warn(text);
        return run(...given);
      },
    });
  }
}
