import type * as tf from "@tensorflow/tfjs";
import type { LayerSpec } from "../../keras/graph.js";
import { heldConfigs } from "../arguments/held-configs.js";

/**
 * The names of a function's variables, by which its regularizers and constraints find them: those of a .h5 file. An
 * archive has numbers; the settings in the config tell the layer's own variables where they are as many.
 */
export function variableNames(
  stored: readonly string[],
  config: LayerSpec["config"],
): (string | undefined)[] {
  const archived = /(^|\/)vars\/\d+$/;
  if (!stored.every((name) => archived.test(name)))
    return stored.map((name) => name.replace(/:\d+$/, "").split("/").slice(-2).join("/"));
  const folder = (name: string) => name.slice(0, name.lastIndexOf("/"));
  const held = heldConfigs(config);
  const root = Math.min(...stored.map((name) => name.split("/").length));
  return stored.map((name) => {
    const group = stored.filter((other) => folder(other) === folder(name));
    const steps = name.split("/");
    const part = held.findLast(({ names }) => steps.some((step) => names.includes(step)));
    const named = part || steps.length === root ? settledNames(part?.config ?? config) : [];
    return named.length === group.length ? named[group.indexOf(name)] : undefined;
  });
}

/** `kernel` and `bias` of a config with `kernel_regularizer` and `bias_constraint`. */
function settledNames(config: LayerSpec["config"]): string[] {
  const stems = Object.keys(config).flatMap(
    (key) => /^(\w+)_(initializer|regularizer|constraint)$/.exec(key)?.[1] ?? [],
  );
  const names = new Set(stems.filter((stem) => stem !== "activity"));
  if (config["use_bias"] === false) names.delete("bias");
  return [...names].map((stem) => (/^(recurrent|depthwise|pointwise)$/.test(stem) ? `${stem}_kernel` : stem));
}

/** Variables of layers that are functions, with the name of the stored weight that each was made for. */
const ofFunctions = new WeakMap<
  tf.LayerVariable,
  { readonly name: string; readonly layer: tf.layers.Layer }
>();

/** Which of its variables Keras trains, a function does not say. */
export function isOfFunction(variable: tf.LayerVariable): boolean {
  return ofFunctions.has(variable);
}

/** The layer of a function's variable, which a wrapper may hold too; null for any other variable. */
export function functionOf(variable: tf.LayerVariable): tf.layers.Layer | null {
  return ofFunctions.get(variable)?.layer ?? null;
}

/** The name of the stored weight that a function's variable was made for; null for any other variable. */
export function madeFor(variable: tf.LayerVariable): string | null {
  return ofFunctions.get(variable)?.name ?? null;
}

/** Notes a variable that was made for a stored weight. */
export function noteFunctionVariable(variable: tf.LayerVariable, name: string, layer: tf.layers.Layer): void {
  ofFunctions.set(variable, { name, layer });
}
