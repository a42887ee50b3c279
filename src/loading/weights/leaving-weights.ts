import * as tf from "@tensorflow/tfjs";
import { withChange } from "../../with-change.js";

/**
 * Runs a trial of a model and puts back the weights that it changed: some layers start or count theirs when they are
 * first called, and made-up inputs must not do that.
 */
export function leavingWeights<T>(model: tf.LayersModel, run: () => T): T {
  const change = () => {
    const before = model.weights.map((weight) => ({ weight, value: tf.clone(weight.read()) }));
    return () => {
      for (const { weight, value } of before) {
        if (weight.read().dataId !== value.dataId) weight.write(value);
        value.dispose();
      }
    };
  };
  return withChange(change, run);
}
