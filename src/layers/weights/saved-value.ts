import type * as tf from "@tensorflow/tfjs";

/** Variables that a saved model has otherwise than the model here: null for those it has no place for. */
const SAVED = new WeakMap<tf.LayerVariable, (() => tf.Tensor) | null>();

/** @param value of a new tensor each time; null for a variable that is left out */
export function saveAs(variable: tf.LayerVariable, value: (() => tf.Tensor) | null): void {
  SAVED.set(variable, value);
}

/** Those that go into a saved model, in their order. */
export function savedVariables(variables: readonly tf.LayerVariable[]): tf.LayerVariable[] {
  return variables.filter((variable) => SAVED.get(variable) !== null);
}

/** What is saved of a variable: its value, unless its layer saves another. */
export function savedValue(variable: tf.LayerVariable): tf.Tensor {
  return SAVED.get(variable)?.() ?? variable.read();
}
