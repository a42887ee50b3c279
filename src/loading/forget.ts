import type * as tf from "@tensorflow/tfjs";
import { STEPS } from "./problem.js";
import type { Work } from "./work.js";

/**
 * Takes from a load what the steps from one on made. Layers are made anew: those that stand hang on what is forgotten.
 * @param at index of the step
 * @returns index of the step from which all is to be done again, which may be an earlier one
 */
export function forgetFrom(at: number, work: Work): number {
  let from = at;
  // Where the graph took the place of layers, these are made anew.
  if (work.rung === "graph" && work.connection) from = Math.min(from, STEPS.indexOf("resolve"));
  if (from <= STEPS.indexOf("configure") && work.file !== undefined) {
    // What a decision changed in the file as it was read (its weights, its architecture) is read again.
    work.file.close();
    delete work.file;
    delete work.opened;
    delete work.weightsFrom;
    delete work.architecture;
    from = 0;
  }
  delete work.runnable;
  if (from <= STEPS.indexOf("train")) delete work.notes;
  if (from <= STEPS.indexOf("bind")) delete work.weightNotes;
  if (from <= STEPS.indexOf("resolve")) {
    delete work.rung;
    delete work.outside;
  }
  if (from <= STEPS.indexOf("connect")) {
    disposeWeights([...(work.connection?.layers.values() ?? [])]);
    delete work.connection;
    delete work.adjusted;
    delete work.madeBy;
    delete work.model;
  }
  return from;
}

/** Layers that are made anew leave their variables behind; a model's belong to its layers. */
export function disposeWeights(layers: readonly tf.layers.Layer[]): void {
  // A wrapper's variables are those of the layer that it holds.
  const own = layers.flatMap((layer) => ("layers" in layer ? [] : layer.weights));
  for (const weight of new Set(own)) weight.dispose();
}
