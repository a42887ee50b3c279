import * as tf from "@tensorflow/tfjs";
import type { GraphInputs, TensorSpec } from "../../graph/signature.js";
import type { CallValue, Running } from "../../layers/computed-layer.js";

/** What a layer of Transformers calls its first argument. */
const FIRST = ["input_ids", "pixel_values", "input_values", "input_features"];

/** What a Transformers model takes where these are not given (`modeling_tf_bert.py`, `TFBertMainLayer.call`). */
const DEFAULTS: Readonly<Record<string, (first: tf.Tensor) => tf.Tensor>> = {
  attention_mask: (first) => tf.onesLike(first),
  token_type_ids: (first) => tf.zerosLike(first),
};

/**
 * The inputs of a signature from a layer's call: named arguments and dictionaries by their names, the others in the
 * signature's order, which is that of the alphabet where TensorFlow saved a dictionary.
 */
export function outsideInputs(specs: readonly TensorSpec[], { args, named }: Running): GraphInputs {
  const byName = new Map<string, tf.Tensor>();
  const inOrder: tf.Tensor[] = [];
  const take = (value: CallValue | undefined, name?: string): void => {
    if (value instanceof tf.Tensor) {
      if (name !== undefined && specs.some((spec) => spec.name === name)) byName.set(name, value);
      else if (name === undefined) inOrder.push(value);
    } else if (Array.isArray(value)) for (const one of value as readonly CallValue[]) take(one);
    else if (typeof value === "object" && value !== null)
      for (const [key, one] of Object.entries(value as Readonly<Record<string, CallValue>>)) take(one, key);
  };
  args.forEach((value) => take(value));
  for (const [name, value] of Object.entries(named)) if (value instanceof tf.Tensor) take(value, name);
  const free = specs.map(({ name }) => name).filter((name) => !byName.has(name));
  const first = inOrder.length === 1 ? free.find((name) => FIRST.includes(name)) : undefined;
  // Too many are for the signature to refuse.
  if (inOrder.length > free.length) return [...byName.values(), ...inOrder];
  inOrder.forEach((tensor, i) => byName.set(i === 0 && first !== undefined ? first : free[i]!, tensor));
  const main = FIRST.map((name) => byName.get(name)).find((tensor) => tensor !== undefined);
  for (const name of free) {
    const usual = DEFAULTS[name];
    if (usual && main && !byName.has(name)) byName.set(name, usual(main));
  }
  return Object.fromEntries(byName);
}
