import { childOf, listItems } from "../checkpoint/object-graph.js";
import type { LayerObject } from "../graph-contents.js";
import type { JsonValue, StoredLayer, StoredWeight } from "../model-file.js";
import type { SavedObject } from "../proto/tensorflow_pb.js";

/** What Keras wrote beside the graph: the config of each object, by node number of the object graph. */
export type KerasMetadata = ReadonlyMap<number, { readonly [key: string]: JsonValue }>;

export interface KerasRoot {
  /** As an HDF5 file's `model_config`; null when the root has no config to rebuild layers from. */
  readonly config: JsonValue | null;
  readonly trainingConfig: JsonValue | null;
  readonly kerasVersion: string | null;
  readonly backend: string | null;
}

/** Reads what the root object says about the model (tf_keras `saving/legacy/saved_model/model_serialization.py`). */
export function readKerasRoot(nodes: readonly SavedObject[], metadata: KerasMetadata): KerasRoot {
  const root = metadata.get(0);
  return {
    config: root === undefined ? null : named(modelConfig(root), nodes, metadata),
    trainingConfig: root?.["training_config"] ?? null,
    kerasVersion: text(root?.["keras_version"]),
    backend: text(root?.["backend"]),
  };
}

/**
 * TF 2.2 and later write `model_config`; before, class and config stand on their own. A subclassed model's config
 * names no layers: there is nothing to rebuild from.
 */
function modelConfig(root: { readonly [key: string]: JsonValue }): JsonValue | null {
  const saved = root["model_config"];
  if (isObject(saved) && isObject(saved["config"]) && Array.isArray(saved["config"]["layers"])) return saved;
  const config = root["config"];
  if (!isObject(config) || !Array.isArray(config["layers"])) return null;
  return Object.assign(Object.create(null), {
    class_name: root["class_name"] ?? "Model",
    config,
  }) as JsonValue;
}

/**
 * A class whose `get_config` gives only its own arguments leaves its layer without a name in a Sequential's config: the
 * name of the object is its name.
 */
function named(
  saved: JsonValue | null,
  nodes: readonly SavedObject[],
  metadata: KerasMetadata,
): JsonValue | null {
  if (!isObject(saved ?? undefined)) return saved;
  const model = saved as { readonly [key: string]: JsonValue };
  const config = model["config"] as { readonly [key: string]: JsonValue };
  const layers = config["layers"] as readonly JsonValue[];
  const isInput = (className: JsonValue | undefined): boolean => className === "InputLayer";
  const objects = layerNodes(nodes, 0)
    .map((node) => metadata.get(node))
    .filter((object) => !isInput(object?.["class_name"]));
  const own = layers.filter((layer) => isObject(layer) && !isInput(layer["class_name"]));
  if (own.length !== objects.length) return saved;
  const withNames = layers.map((layer): JsonValue => {
    const object = objects[own.indexOf(layer)];
    if (!isObject(layer) || object === undefined || object["class_name"] !== layer["class_name"])
      return layer;
    const inner = layer["config"];
    if ("name" in layer || !isObject(inner) || "name" in inner) return layer;
    return { ...layer, config: { ...inner, name: object["name"] ?? "" } };
  });
  return { ...model, config: { ...config, layers: withNames } };
}

/**
 * A model's layers (by default the root's) with their weights, in the order in which an HDF5 file lists them: each layer's trainable
 * weights, then the others; a nested model's weights in one list.
 */
export function kerasLayers(
  nodes: readonly SavedObject[],
  metadata: KerasMetadata,
  weightOf: (node: number) => StoredWeight | undefined,
  model = 0,
): StoredLayer[] {
  return layerNodes(nodes, model).map((node) => {
    const variables = trainableFirst(nodes, metadata, node).map((variable) => ({
      variable,
      weight: weightOf(variable),
    }));
    return {
      name: text(metadata.get(node)?.["name"]) ?? referenceName(nodes, node),
      weights: variables.flatMap(({ weight }) => (weight === undefined ? [] : [weight])),
      missing: variables.flatMap(({ variable, weight }, index) =>
        weight === undefined ? [{ name: variableName(nodes, variable), index }] : [],
      ),
    };
  });
}

/** A layer's variables as an HDF5 file lists them: of all layers inside it, those that train before the others. */
function trainableFirst(nodes: readonly SavedObject[], metadata: KerasMetadata, layer: number): number[] {
  const { training, still } = variableParts(nodes, metadata, layer, true);
  return [...new Set([...training, ...still])];
}

function variableParts(
  nodes: readonly SavedObject[],
  metadata: KerasMetadata,
  layer: number,
  within: boolean,
): { training: number[]; still: number[] } {
  const saved = metadata.get(layer);
  const config = isObject(saved?.["config"]) ? saved["config"] : {};
  const trains = within && config["trainable"] !== false && saved?.["trainable"] !== false;
  const own = variableNodes(nodes, layer);
  const parts =
    "layers" in config
      ? layerNodes(nodes, layer).map((inner) => variableParts(nodes, metadata, inner, trains))
      : [];
  const inside = parts.flatMap(({ training, still }) => [...training, ...still]);
  // What a model holds beside its layers stands nowhere among them.
  if (inside.length > 0 && own.every((variable) => inside.includes(variable))) {
    return {
      training: parts.flatMap(({ training }) => training),
      still: parts.flatMap(({ still }) => still),
    };
  }
  const isTraining = (variable: number): boolean => {
    const kind = nodes[variable]?.kind;
    return trains && kind?.case === "variable" && kind.value.trainable;
  };
  return { training: own.filter(isTraining), still: own.filter((variable) => !isTraining(variable)) };
}

function variableName(nodes: readonly SavedObject[], node: number): string {
  const kind = nodes[node]?.kind;
  return kind?.case === "variable" && kind.value.name !== "" ? kind.value.name : `variable of object ${node}`;
}

/** Every layer of the root and of models inside it, by path. */
export function layerObjects(
  nodes: readonly SavedObject[],
  metadata: KerasMetadata,
): Map<string, LayerObject> {
  const found = new Map<string, LayerObject>();
  const open = [{ model: 0, path: "" }];
  const seen = new Set<number>();
  while (open.length > 0) {
    const { model, path } = open.pop()!;
    if (seen.has(model)) continue;
    seen.add(model);
    for (const node of layerNodes(nodes, model)) {
      const own = path + (text(metadata.get(node)?.["name"]) ?? referenceName(nodes, node));
      found.set(own, { node, variables: variableNodes(nodes, node) });
      open.push({ model: node, path: `${own}/` });
    }
  }
  return found;
}

/** Keras lists a model's layers in `keras_api/layers`; older files number references `layer-0`, `layer-1`, ... */
function layerNodes(nodes: readonly SavedObject[], model: number): number[] {
  const api = childOf(nodes, model, "keras_api");
  const list = api === undefined ? undefined : childOf(nodes, api, "layers");
  if (list !== undefined) return listItems(nodes, list);
  return (nodes[model]?.children ?? [])
    .flatMap(({ localName, nodeId }) => {
      const number = /^layer-(\d+)$/.exec(localName)?.[1];
      return number === undefined ? [] : [{ number: Number(number), nodeId }];
    })
    .sort((a, b) => a.number - b.number)
    .map(({ nodeId }) => nodeId);
}

/** `layer.weights` as Keras had it; without that list, all variables below the layer in the order of creation. */
function variableNodes(nodes: readonly SavedObject[], layer: number): number[] {
  const list = childOf(nodes, layer, "variables");
  if (list !== undefined) return listItems(nodes, list);
  const found = new Set<number>();
  const seen = new Set<number>();
  const open = [layer];
  while (open.length > 0) {
    const node = open.pop()!;
    if (seen.has(node)) continue;
    seen.add(node);
    if (nodes[node]?.kind.case === "variable") found.add(node);
    for (const child of [...(nodes[node]?.children ?? [])].reverse()) {
      if (child.localName !== "keras_api") open.push(child.nodeId);
    }
  }
  return [...found];
}

function referenceName(nodes: readonly SavedObject[], node: number): string {
  return nodes[0]?.children.find((child) => child.nodeId === node)?.localName ?? `object ${node}`;
}

function text(value: JsonValue | undefined): string | null {
  return typeof value === "string" ? value : null;
}

function isObject(value: JsonValue | undefined): value is { [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
