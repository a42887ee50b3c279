import type { JsonValue, StoredLayer, StoredWeight } from "../model-file.js";
import { snakeCase } from "../../names/snake-case.js";
import { CONTAINERS, ORDER, type WeightsNode } from "./weights-tree.js";

type JsonObject = { [key: string]: JsonValue };

/**
 * Arranges the weights of a `.keras` archive or `.weights.h5` file by the layers of a model's config: names and
 * order are the config's, each layer's weights are in the order of its variables.
 *
 * The file names a layer's group after its class (`dense_1` is the second Dense), whatever the layer's own name;
 * later versions write that name beside the variables, and then it decides (`saving_lib._save_container_state`).
 * @param isWhole false for a file that has lost something, in which what is lacking is not somewhere else
 */
export function layerWeights(config: JsonValue, root: WeightsNode, isWhole = true): StoredLayer[] {
  const claimed = new Set<WeightsNode>();
  const layers = modelLayers(asObject(config), root, claimed);
  const all = isWhole ? withSharedWeights(asObject(config), layers) : layers;
  return [...all, ...looseWeights(root, claimed)];
}

/**
 * Keras stores a layer that several models of a file have once, with the first of them, and says nothing of it with
 * the others (`saving_lib._save_state`, `visited_saveables`); it does not find it there again. Where a layer lacks its
 * weights, those of the one of the same name, class and arguments are meant.
 */
function withSharedWeights(model: JsonObject, layers: readonly StoredLayer[]): StoredLayer[] {
  const known = new Map<string, { readonly layer: StoredLayer; readonly path: string }>();
  const note = (config: JsonObject, stored: readonly StoredLayer[], above: string): void => {
    for (const [i, layer] of layerConfigs(config).entries()) {
      const own = stored[i]!;
      const path = `${above}${own.name}`;
      const key = sameLayer(layer);
      if (own.weights.length > 0 && !known.has(key)) known.set(key, { layer: own, path });
      if (own.inner) note(asObject(layer["config"]!), own.inner, `${path}/`);
    }
  };
  const fill = (config: JsonObject, stored: readonly StoredLayer[]): StoredLayer[] => {
    const configs = layerConfigs(config);
    return stored.map((own, i) => {
      const layer = configs[i]!;
      const twin = own.weights.length === 0 ? known.get(sameLayer(layer)) : undefined;
      if (twin) return { ...twin.layer, name: own.name, sharedWith: twin.path };
      if (!own.inner) return own;
      const inner = fill(asObject(layer["config"]!), own.inner);
      return { ...own, inner, weights: inner.flatMap(({ weights }) => weights) };
    });
  };
  note(model, layers, "");
  return fill(model, layers);
}

function sameLayer(layer: JsonObject): string {
  return JSON.stringify([classOf(layer), nameOf(layer), layer["config"] ?? null]);
}

/** What no layer of the config claims: a subclassed model's parts, weights that the model itself owns. */
function looseWeights(root: WeightsNode, claimed: ReadonlySet<WeightsNode>): StoredLayer[] {
  const layers: StoredLayer[] = [];
  for (const [name, child] of [...root.children].sort(([a], [b]) => ORDER.compare(a, b))) {
    if (NOT_LAYERS.has(name)) continue;
    if ((CONTAINERS as readonly string[]).includes(name)) {
      const inner = [...child.children].sort(([a], [b]) => ORDER.compare(a, b));
      for (const [key, node] of inner) if (!claimed.has(node)) addIfWeights(layers, node.label ?? key, node);
    } else if (!claimed.has(child)) addIfWeights(layers, child.label ?? name, child);
  }
  if (root.variables.length > 0)
    layers.push({ name: "top_level_model_weights", weights: root.variables, missing: [] });
  return layers;
}

function addIfWeights(layers: StoredLayer[], name: string, node: WeightsNode): void {
  const weights = weightsBelow(node, null);
  if (weights.length > 0) layers.push({ name, weights, missing: [] });
}

/** State of training and of metrics, beside the model's own. */
const NOT_LAYERS = new Set([
  "optimizer",
  "metrics",
  "compiled_metrics",
  "compiled_loss",
  "_compile_metrics",
  "_metrics",
  "_compile_loss",
  "_loss_tracker",
]);

export function optimizerVariables(root: WeightsNode): readonly StoredWeight[] {
  return root.children.get("optimizer")?.variables ?? [];
}

function modelLayers(model: JsonObject, node: WeightsNode, claimed: Set<WeightsNode>): StoredLayer[] {
  const container = containerOf(node);
  const layers = layerConfigs(model);
  if (!container) return layers.map((layer) => ({ name: nameOf(layer), weights: [], missing: [] }));
  return pairWithGroups(layers, container).map(([layer, group]) => {
    if (group) claimed.add(group);
    return group ? storedLayer(layer, group) : { name: nameOf(layer), weights: [], missing: [] };
  });
}

function storedLayer(layer: JsonObject, group: WeightsNode): StoredLayer {
  const name = nameOf(layer) || (group.label ?? group.path.slice(group.path.lastIndexOf("/") + 1));
  const weights = weightsBelow(group, layer);
  if (!isModel(layer)) return { name, weights, missing: [], ...assetsOf(group) };
  return { name, weights, missing: [], inner: modelLayers(asObject(layer["config"]!), group, new Set()) };
}

/** A layer's own files, and those of the parts that it is made of by their paths in it. */
function assetsOf(node: WeightsNode): Pick<StoredLayer, "assets"> {
  const assets = new Map(everyAsset(node, ""));
  return assets.size > 0 ? { assets } : {};
}

function* everyAsset(node: WeightsNode, path: string): Generator<[string, () => string]> {
  for (const [name, read] of node.assets ?? []) yield [path + name, read];
  for (const [name, child] of node.children) yield* everyAsset(child, `${path}${name}/`);
}

function containerOf(node: WeightsNode): WeightsNode | undefined {
  for (const name of CONTAINERS) {
    const container = node.children.get(name);
    if (container) return container;
  }
  return undefined;
}

/**
 * The group of each layer: by the name beside its variables, else by its class and place among that class, unless
 * the name there is another layer's.
 */
function pairWithGroups(
  layers: readonly JsonObject[],
  container: WeightsNode,
): (readonly [JsonObject, WeightsNode | undefined])[] {
  const labelled = new Map<string, WeightsNode[]>();
  for (const node of container.children.values()) {
    if (node.label !== null) labelled.set(node.label, [...(labelled.get(node.label) ?? []), node]);
  }
  const counts = new Map<string, number>();
  const sizes = new Map<string, number>();
  for (const layer of layers) {
    const base = snakeCase(classOf(layer));
    sizes.set(base, (sizes.get(base) ?? 0) + 1);
  }
  // Keras 2.13 counts each layer with weights twice: `dense`, `dense_2`, `dense_4`.
  const places = new Map(
    [...sizes].map(([base, size]) => {
      const names = groupsOf(base, container);
      return [base, names.length === size ? names : []] as const;
    }),
  );
  const named = new Map<string, number>();
  for (const layer of layers) named.set(nameOf(layer), (named.get(nameOf(layer)) ?? 0) + 1);
  return layers.map((layer) => {
    const base = snakeCase(classOf(layer));
    const count = counts.get(base) ?? 0;
    counts.set(base, count + 1);
    // A name that two layers have says nothing.
    const byLabel = named.get(nameOf(layer)) === 1 ? labelled.get(nameOf(layer)) : undefined;
    if (byLabel?.length === 1) return [layer, byLabel[0]] as const;
    const byPlace = container.children.get(
      places.get(base)![count] ?? (count === 0 ? base : `${base}_${count}`),
    );
    const anothers = byPlace && byPlace.label !== null && named.get(byPlace.label) === 1;
    return [layer, anothers && byPlace.label !== nameOf(layer) ? undefined : byPlace] as const;
  });
}

/** Names of a class's groups in the order of their numbers. */
function groupsOf(base: string, { children }: WeightsNode): string[] {
  const number = (name: string) => (name === base ? "0" : name.slice(base.length + 1));
  return [...children.keys()]
    .filter((name) => (name === base || name.startsWith(`${base}_`)) && /^\d+$/.test(number(name)))
    .sort((a, b) => Number(number(a)) - Number(number(b)));
}

/** All weights of a layer: its own, then those of what it is made of, in the order in which Keras lists them. */
function weightsBelow(node: WeightsNode, layer: JsonObject | null): StoredWeight[] {
  if (layer && classOf(layer) === "SpectralNormalization") return spectralWeights(node, layer);
  if (layer && classOf(layer).replace(/^Addons>/, "") === "WeightNormalization")
    return weightNormalized(node, layer);
  // Its lookup's weights stand there twice.
  if (layer && classOf(layer) === "TextVectorization" && node.variables.length > 0)
    return [...node.variables];
  const parts = [...node.children].sort(([a], [b]) => rank(a) - rank(b) || ORDER.compare(a, b));
  return [...node.variables, ...parts.flatMap(([name, part]) => partWeights(name, part, layer))];
}

function partWeights(name: string, part: WeightsNode, layer: JsonObject | null): StoredWeight[] {
  const config = asObject(layer?.["config"] ?? null);
  const inner = PART_CONFIGS.get(name);
  const listed = name === "layers" ? config["layers"] : name === "cells" ? config["cells"] : undefined;
  if (Array.isArray(listed)) {
    const pairs = pairWithGroups(listed.map(asObject), part);
    return pairs.flatMap(([child, group]) => (group ? weightsBelow(group, child) : []));
  }
  const partConfig = inner?.map((key) => config[key]).find(isObject);
  return weightsBelow(part, partConfig ?? null);
}

/** Which argument of a wrapper describes a part of it. */
const PART_CONFIGS = new Map<string, readonly string[]>([
  ["layer", ["layer"]],
  ["cell", ["cell"]],
  ["forward_layer", ["layer"]],
  ["backward_layer", ["backward_layer", "layer"]],
]);

/** The normalised layer's weights come first; of its own, only the vector: the kernel there is a copy. */
function spectralWeights(node: WeightsNode, layer: JsonObject): StoredWeight[] {
  const inner = node.children.get("layer");
  const own = node.variables.slice(-1);
  return [...(inner ? partWeights("layer", inner, layer) : []), ...own];
}

/**
 * TensorFlow Addons' wrapper holds g, the layer's normalised kernel and `initialized`, the layer only what is left:
 * its bias, or a recurrent layer's kernel of the inputs before it and its bias after. The flag and the copy come last; a
 * copy that the archive leaves out (Keras 2.15) has the values of the layer, from which it was made.
 */
function weightNormalized(node: WeightsNode, layer: JsonObject): StoredWeight[] {
  const [g, kernel, ...flag] = node.variables;
  const part = (name: string) => {
    const below = node.children.get(name);
    return below ? partWeights("layer", below, layer) : [];
  };
  const others = part("layer");
  const isRecurrent = others.length > 0 && others[0]!.shape.length === 2;
  const whole = isRecurrent ? others.toSpliced(1, 0, kernel!) : [kernel, ...others];
  const copied = asObject(layer["config"] ?? null)["data_init"] === false ? [] : whole;
  const copy = node.children.has("_naked_clone_layer") ? part("_naked_clone_layer") : copied;
  return [g, kernel, ...others, ...flag, ...copy].filter((one) => one !== undefined);
}

/** Parts whose order is not that of their names: as the layers create them. */
const PART_ORDER = [
  "cell",
  "embedding_layer",
  "dynamic_lookup_layer",
  "forward_layer",
  "backward_layer",
  "query_dense",
  "_query_dense",
  "key_dense",
  "_key_dense",
  "gate_dense",
  "_gate_dense",
  "value_dense",
  "_value_dense",
  "output_dense",
  "_output_dense",
];

/** Whether a part of one of Keras's own layers is made before another; false where either is none that is known. */
export function isMadeBefore(a: string, b: string): boolean {
  return PART_ORDER.includes(a) && PART_ORDER.includes(b) && rank(a) < rank(b);
}

function rank(name: string): number {
  const at = PART_ORDER.indexOf(name);
  return at < 0 ? PART_ORDER.length : at;
}

function layerConfigs(model: JsonObject): JsonObject[] {
  const config = Array.isArray(model["config"])
    ? { layers: model["config"] }
    : asObject(model["config"] ?? model);
  const layers = config["layers"] ?? model["layers"];
  return Array.isArray(layers) ? layers.filter(isObject) : [];
}

function isModel(layer: JsonObject): boolean {
  const config = layer["config"];
  return isObject(config) && Array.isArray(config["layers"]);
}

/** `TCN` of `Custom>TCN`. */
function classOf(layer: JsonObject): string {
  const name = layer["class_name"];
  return typeof name === "string" ? name.slice(name.lastIndexOf(">") + 1) : "";
}

function nameOf(layer: JsonObject): string {
  const name = asObject(layer["config"] ?? null)["name"] ?? layer["name"];
  return typeof name === "string" ? name : "";
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function asObject(value: JsonValue): JsonObject {
  return isObject(value) ? value : (Object.create(null) as JsonObject);
}
