import * as tf from "@tensorflow/tfjs";
import { camelCase } from "../names/camel-case.js";

type Given = tf.ModelFitArgs["callbacks"];
type Functions = Readonly<Record<string, unknown>>;

const HOOKS = [
  ...["onTrainBegin", "onTrainEnd", "onEpochBegin", "onEpochEnd"],
  ...["onBatchBegin", "onBatchEnd", "onYield"],
];

/**
 * Callbacks as `fit` takes them, all as instances: TensorFlow.js takes a list of instances or of plain objects, and
 * fails at one of both.
 * @throws RangeError for a function under a name that is never called
 */
export function callbackInstances(
  callbacks: Given,
  yieldEvery: tf.ModelFitArgs["yieldEvery"] = "auto",
): tf.Callback[] {
  return [callbacks ?? {}].flat().map((one) => {
    if (one instanceof tf.Callback || "setParams" in one) return one as tf.Callback;
    return new tf.CustomCallback(bound(one as Functions), yieldEvery) as unknown as tf.Callback;
  });
}

/** Its functions with the object as their `this`, which TensorFlow.js makes its own. */
function bound(given: Functions): tf.CustomCallbackArgs {
  const functions = HOOKS.flatMap((hook) => {
    const value = given[hook];
    return typeof value === "function" ? [[hook, value.bind(given) as unknown] as const] : [];
  });
  for (const [name, value] of Object.entries(given))
    if (typeof value === "function" && /^on[A-Z_]/.test(name) && !HOOKS.includes(name))
      throw neverCalled(name);
  return { ...given, ...Object.fromEntries(functions) } as tf.CustomCallbackArgs;
}

function neverCalled(name: string): RangeError {
  const meant = camelCase(name).replace("TrainBatch", "Batch");
  const hint = HOOKS.includes(meant) ? ` Did you mean ${meant}?` : "";
  return new RangeError(`fit never calls ${name} of a callback.${hint} It calls ${HOOKS.join(", ")}.`);
}
