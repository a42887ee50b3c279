import type * as tf from "@tensorflow/tfjs";
import { plural, printable } from "../../notation.js";
import type { Problem } from "../problem.js";
import { stubbedLayers } from "../report/summarize.js";

const METHODS = ["predict", "predictOnBatch", "evaluate"] as const;

/** Says at every prediction of a model with stubs, or of one that was cut, that the numbers are not the saved model's. */
export function warnOfStubs(model: tf.LayersModel, name: string, settled: readonly Problem[]): void {
  const sentences = [...cutSentences(settled), ...stubSentences(stubbedLayers(model))];
  if (sentences.length === 0) return;
  const text = `${name}: ${sentences.join("; ")}, so these are not the saved model's numbers.`;
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

function stubSentences(layers: readonly string[]): string[] {
  const shown = layers.slice(0, 4).join(", ") + (layers.length > 4 ? ", …" : "");
  return layers.length === 0 ? [] : [`${plural(layers.length, "stub")} (${shown}) on the way`];
}

/** Of a model that ends before a layer: `the model ends before dense_3: its output is what reaches that layer`. */
function cutSentences(settled: readonly Problem[]): string[] {
  return settled.flatMap(({ applied }) => (applied?.id === "cut" ? [printable(applied.title, 200)] : []));
}
