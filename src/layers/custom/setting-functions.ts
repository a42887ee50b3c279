import type * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../../formats/model-file.js";

/** What a user's function can stand for at a weight. */
export type FunctionSetting = "regularizer" | "constraint";

/**
 * A penalty on a weight or an output, summed and added to the loss, or what a weight is made to be after each step.
 * @param config the arguments that the file has for it
 */
export type SettingFunction = (x: tf.Tensor, config: Readonly<Record<string, JsonValue>>) => tf.Tensor;

const registered: Readonly<Record<FunctionSetting, Map<string, SettingFunction>>> = {
  regularizer: new Map(),
  constraint: new Map(),
};

/** Makes a function known under the name that files have, with or without its package; null forgets it. */
export function registerSetting(kind: FunctionSetting, name: string, run: SettingFunction | null): void {
  if (run) registered[kind].set(name, run);
  else registered[kind].delete(name);
}

/** @param names as saved, then without the package */
export function settingFunction(kind: FunctionSetting, ...names: readonly string[]): SettingFunction | null {
  return names.map((name) => registered[kind].get(name)).find((run) => run !== undefined) ?? null;
}
