import type * as tf from "@tensorflow/tfjs";
import { registerGraphOp, type CustomOp } from "../graph/custom-ops.js";
import { registerActivation } from "../layers/activations.js";
import type { LossValues } from "../training/losses/loss.js";

/** What a function stands in for, where it is no layer. */
export type FunctionKind = "activation" | "loss" | "metric" | "initializer" | "op";

export const FUNCTION_KINDS: readonly FunctionKind[] = ["activation", "loss", "metric", "initializer", "op"];

/** A function of the user: `(x) => x` for an activation, `(yTrue, yPred) => values by sample` for losses and metrics. */
export type CustomFunction = ((x: tf.Tensor) => tf.Tensor) | LossValues | CustomOp;

const registered = new Map<FunctionKind, Map<string, CustomFunction>>(
  FUNCTION_KINDS.map((kind) => [kind, new Map()]),
);

/**
 * Makes a function that is no layer known to every load from now on.
 *
 * An `activation` takes a tensor; a `loss` and a `metric` take the targets and the predictions and return a value for
 * each sample; an `op` stands for an operation of a graph. An `initializer` is taken and never called: a loaded model
 * has its weights.
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
}

/** Forgets a function under every kind. @returns false when there was none */
export function forgetFunction(name: string): boolean {
  if (registered.get("activation")!.has(name)) registerActivation(name, null);
  if (registered.get("op")!.has(name)) registerGraphOp(name, null);
  return FUNCTION_KINDS.map((kind) => registered.get(kind)!.delete(name)).includes(true);
}

/** Losses or metrics, by the names that files have for them; a later kind takes precedence. */
export function customFunctions(kinds: readonly ("loss" | "metric")[]): ReadonlyMap<string, LossValues> {
  return new Map(kinds.flatMap((kind) => [...registered.get(kind)!] as [string, LossValues][]));
}

/** Every function that is registered, with its kind. */
export function listFunctions(): { readonly kind: FunctionKind; readonly name: string }[] {
  return FUNCTION_KINDS.flatMap((kind) => [...registered.get(kind)!.keys()].map((name) => ({ kind, name })));
}
