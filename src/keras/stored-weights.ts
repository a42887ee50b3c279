import * as tf from "@tensorflow/tfjs";
import type { StoredLayer, StoredWeight } from "../formats/model-file.js";
import { storesInOrder } from "../layers/weights/stored-order.js";
import { separateCount } from "./convert-weights.js";
import type { LayerSpec } from "./graph.js";
import { quantizedConversion } from "./quantized-weights.js";
import { eachLayer } from "./read-graph.js";

/** Layers of a model by path, as `ModelConnection.layers` has them. */
export type Layers = ReadonlyMap<string, tf.layers.Layer>;

/** Variables of one layer that are stored in a row. */
export interface Part {
  readonly spec: LayerSpec;
  readonly variables: readonly tf.LayerVariable[];
}

/**
 * A layer's variables in the order in which Keras stores them: trainable before non-trainable, and for a nested
 * model so over all of its layers together (legacy_h5_format.py `_legacy_weights`).
 */
export function variablesOf(spec: LayerSpec, layers: Layers): tf.LayerVariable[] {
  const { trainable, still } = partsOf(spec, layers, true);
  return [...trainable, ...still].flatMap((part) => part.variables);
}

/** The layers in a layer (itself, where it is no model) with the variables of each, those that train apart from those that do not. */
export function partsOf(
  spec: LayerSpec,
  layers: Layers,
  parentTrainable: boolean,
): { trainable: Part[]; still: Part[] } {
  if (spec.model) {
    const trains = parentTrainable && spec.config["trainable"] !== false;
    const parts = spec.model.layers.map((inner) => partsOf(inner, layers, trains));
    return {
      trainable: parts.flatMap((part) => part.trainable),
      still: parts.flatMap((part) => part.still),
    };
  }
  const layer = layers.get(spec.path);
  const part = (variables: readonly tf.LayerVariable[]) =>
    variables.length > 0 ? [{ spec, variables }] : [];
  if (!layer) return { trainable: [], still: [] };
  if (storesInOrder(layer)) return { trainable: part(layer.weights), still: [] };
  if (!parentTrainable) return { trainable: [], still: part(layer.weights) };
  return { trainable: part(layer.trainableWeights), still: part(layer.nonTrainableWeights) };
}

/** Without the state of random generators, which Keras 3's files and Keras 2's checkpoints have and no prediction needs. */
export function savedWeights(layer: StoredLayer): readonly StoredWeight[] {
  return layer.weights.filter(({ name, path }) => !/seed_generator/.test(name) && !GENERATOR.test(path));
}

/** A `tf.random.Generator` of a layer, as checkpoints have it under the layer's attribute. */
const GENERATOR = /\/_(rng|random_generator\/_generator)\/_state_var\//;

/** How many stored arrays each part takes; null where they do not add up to what the file has. */
export function storedCounts(parts: readonly Part[], total: number): number[] | null {
  const today = parts.map(({ variables }) => variables.length);
  const before = parts.map(({ spec, variables }) => separateCount(spec) ?? variables.length);
  return [today, before].find((counts) => counts.reduce((a, b) => a + b, 0) === total) ?? null;
}

/** Whether a stored tensor goes into a variable as it is. */
export function sameShape(variable: tf.LayerVariable, weight: StoredWeight): boolean {
  return (
    variable.shape.length === weight.shape.length && variable.shape.every((n, i) => n === weight.shape[i])
  );
}

/** What a variable asks of the file. */
export function wanted(variable: tf.LayerVariable): { name: string; shape: readonly (number | null)[] } {
  return { name: variable.originalName, shape: variable.shape };
}

/**
 * The layers of a nested model with the arrays of each, by their names, where some are quantised or adapted: how many
 * arrays these have does not follow from their variables. Null where none is, or the names do not tell.
 */
export function quantizedInside(
  spec: LayerSpec,
  layers: Layers,
  stored: StoredLayer,
): [LayerSpec, StoredWeight[]][] | null {
  if (!spec.model || stored.missing.length > 0) return null;
  const held = [...eachLayer(spec.model)].filter(({ model, path }) => !model && layers.has(path));
  const groups = new Map<LayerSpec, StoredWeight[]>();
  for (const weight of savedWeights(stored)) {
    const named = held.filter(({ name }) => `/${weight.name}`.includes(`/${name}/`));
    const owner = held.find(({ path }) => weight.name.startsWith(`${path}/`)) ?? named[0];
    if (!owner || (named.length !== 1 && !weight.name.startsWith(`${owner.path}/`))) return null;
    groups.set(owner, [...(groups.get(owner) ?? []), weight]);
  }
  const found = [...groups];
  const quantized = found.some(
    ([inner, own]) => quantizedConversion(inner, variablesOf(inner, layers).map(wanted), own) !== null,
  );
  return quantized ? found : null;
}

/**
 * Variables of a model inside a wrapper in the order of an archive, which goes layer by layer; elsewhere all that train
 * come first. Null where the weights are no such.
 */
export function layerByLayer(
  spec: LayerSpec,
  variables: readonly tf.LayerVariable[],
  weights: readonly StoredWeight[],
): readonly tf.LayerVariable[] | null {
  const held = spec.inner["layer"]?.[0]?.model;
  if (!held || variables.length !== weights.length) return null;
  if (!weights.every(({ name }) => /(^|\/)layer\/layers\//.test(name))) return null;
  const names = [...eachLayer(held)].filter(({ model }) => !model).map(({ name }) => name);
  const places = variables.map(({ originalName }) => names.indexOf(originalName.split("/").at(-2) ?? ""));
  if (places.includes(-1)) return null;
  const order = variables.map((variable, i) => ({ variable, place: places[i]! }));
  return order.toSorted((a, b) => a.place - b.place).map(({ variable }) => variable);
}

/**
 * The weights of a nested model's parts where the file lists them in another order: by `layer/weight`, where both
 * sides have exactly these. Null where their order is the same, or the names do not tell.
 */
export function inNamedOrder(
  parts: readonly Part[],
  weights: readonly StoredWeight[],
): StoredWeight[][] | null {
  const key = (name: string) => name.replace(/:\d+$/, "").split("/").slice(-2).join("/");
  const byName = new Map(weights.map((weight) => [key(weight.name), weight]));
  const found = parts.map(({ spec, variables }) =>
    variables.map((variable) =>
      byName.get(`${spec.name}/${key(variable.originalName).split("/").at(-1)!.replace(/_\d+$/, "")}`),
    ),
  );
  const flat = found.flat();
  const whole =
    byName.size === weights.length &&
    flat.length === weights.length &&
    flat.every((weight) => weight !== undefined);
  if (!whole || flat.every((weight, i) => weight === weights[i])) return null;
  return found as StoredWeight[][];
}

/** The weights in the order of the variables by the last parts of their names; null where these do not tell. */
export function orderByName(
  variables: readonly tf.LayerVariable[],
  weights: readonly StoredWeight[],
  parts: number,
): StoredWeight[] | null {
  return orderBy((name) => nameParts(name).slice(-parts).join("/"), variables, weights);
}

/**
 * The same by what a variable is to its layer: Keras 2 calls a depthwise kernel so, and puts the wrapped layer's and the
 * cell's names between the direction of a Bidirectional and the variable.
 */
export function orderByRole(
  variables: readonly tf.LayerVariable[],
  weights: readonly StoredWeight[],
): StoredWeight[] | null {
  const role = (name: string) => {
    const parts = nameParts(name);
    const way = parts.slice(0, -1).flatMap((part) => /^(forward|backward)(_|$)/.exec(part)?.[1] ?? []);
    return [...way.slice(-1), parts.at(-1)!.replace(/^depthwise_(?=kernel$)/, "")].join("/");
  };
  return orderBy(role, variables, weights);
}

function nameParts(name: string): string[] {
  return name.replace(/:\d+$/, "").replace(/_\d+$/, "").split("/");
}

function orderBy(
  own: (name: string) => string,
  variables: readonly tf.LayerVariable[],
  weights: readonly StoredWeight[],
): StoredWeight[] | null {
  const byName = new Map(weights.map((weight) => [own(weight.name), weight]));
  const found = variables.map((variable) => byName.get(own(variable.originalName)));
  return byName.size === weights.length && found.every((weight) => weight !== undefined) ? found : null;
}

/** Pairs in order those whose shapes agree, skipping what the other side lacks. */
export function alignByShape(
  variables: readonly tf.LayerVariable[],
  weights: readonly StoredWeight[],
): (readonly [tf.LayerVariable, StoredWeight])[] {
  const pairs: (readonly [tf.LayerVariable, StoredWeight])[] = [];
  let next = 0;
  for (const variable of variables) {
    const at = weights.findIndex((weight, i) => i >= next && sameShape(variable, weight));
    if (at < 0) continue;
    pairs.push([variable, weights[at]!]);
    next = at + 1;
  }
  return pairs;
}
