import type * as tf from "@tensorflow/tfjs";
import { registerGraphOp, type CustomOp } from "../../graph/custom-ops.js";
import { registerActivation } from "../../layers/activations.js";
import { registerSetting, type SettingFunction } from "../../layers/custom/setting-functions.js";
import type { OptimizerMaker } from "../../training/restore-training.js";
import { registerSchedule, type CustomSchedule } from "../../training/schedules.js";
import type { CustomLoss } from "../../training/losses/loss.js";

/** What a function stands in for, where it is no layer. */
export type FunctionKind =
  | "activation"
  | "loss"
  | "metric"
  | "initializer"
  | "op"
  | "regularizer"
  | "constraint"
  | "optimizer"
  | "schedule";

export const FUNCTION_KINDS: readonly FunctionKind[] = [
  "activation",
  "loss",
  "metric",
  "initializer",
  "op",
  "regularizer",
  "constraint",
  "optimizer",
  "schedule",
];

/** A function of the user: `(x) => x` for an activation, `(yTrue, yPred) => values by sample` for losses and metrics. */
export type CustomFunction =
  ((x: tf.Tensor) => tf.Tensor) | CustomLoss | CustomOp | SettingFunction | OptimizerMaker | CustomSchedule;

const registered = new Map<FunctionKind, Map<string, CustomFunction>>(
  FUNCTION_KINDS.map((kind) => [kind, new Map()]),
);

/**
 * Makes a function that is no layer known to every load from now on.
 *
 * An `activation` takes a tensor; a `loss` and a `metric` take the targets and the predictions and return a value for
 * each sample, with the saved arguments of a class as the third; an `op` stands for an operation of a graph. An `initializer` is taken and never called: a loaded model
 * has its weights. A `regularizer` takes a weight, or an output, and its saved arguments, and returns what is added to
 * the loss; a `constraint` takes a weight and returns what it is made to be after each step. An `optimizer` takes its
 * saved arguments and returns an optimizer of TensorFlow.js, which starts afresh; a `schedule` takes the step, from 0
 * on, and its saved arguments, and returns the learning rate.
 * @param name as the file has it, with or without its package
 * @throws TypeError when it is no function
 */
export function registerFunction(kind: FunctionKind, name: string, run: CustomFunction): void {
  if (typeof run !== "function") {
    throw new TypeError(`registerFunction("${kind}", "${name}", ...) takes a function, not ${typeof run}.`);
  }
  registered.get(kind)!.set(name, run);
  if (kind === "activation") registerActivation(name, run as (x: tf.Tensor) => tf.Tensor);
  if (kind === "op") registerGraphOp(name, run as CustomOp);
  if (kind === "regularizer" || kind === "constraint") registerSetting(kind, name, run as SettingFunction);
  if (kind === "schedule") registerSchedule(name, run as CustomSchedule);
}

/** Forgets a function under every kind. @returns false when there was none */
export function forgetFunction(name: string): boolean {
  if (registered.get("activation")!.has(name)) registerActivation(name, null);
  for (const kind of ["regularizer", "constraint"] as const)
    if (registered.get(kind)!.has(name)) registerSetting(kind, name, null);
  if (registered.get("schedule")!.has(name)) registerSchedule(name, null);
  if (registered.get("op")!.has(name)) registerGraphOp(name, null);
  return FUNCTION_KINDS.map((kind) => registered.get(kind)!.delete(name)).includes(true);
}

/** Losses or metrics, by the names that files have for them; a later kind takes precedence. */
export function customFunctions(kinds: readonly ("loss" | "metric")[]): ReadonlyMap<string, CustomLoss> {
  return new Map(kinds.flatMap((kind) => [...registered.get(kind)!] as [string, CustomLoss][]));
}

/** What makes optimizers of the user's own, by the names that files have for them. */
export function customOptimizers(): ReadonlyMap<string, OptimizerMaker> {
  return registered.get("optimizer") as ReadonlyMap<string, OptimizerMaker>;
}

/** Every function that is registered, with its kind. */
export function listFunctions(): { readonly kind: FunctionKind; readonly name: string }[] {
  return FUNCTION_KINDS.flatMap((kind) => [...registered.get(kind)!.keys()].map((name) => ({ kind, name })));
}
