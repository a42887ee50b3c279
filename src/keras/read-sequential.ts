import type { JsonValue } from "../formats/model-file.js";
import { featureInputs } from "./feature-inputs.js";
import type { CallArgument, LayerCall, LayerSpec, ModelGraph, TensorRef } from "./graph.js";
import { isObject, stringAt, type JsonObject } from "./json.js";
import { readLayer } from "./read-layer.js";
import { readMergedBranches } from "./read-merged-branches.js";
import type { Reading } from "./read-graph.js";

/** A Sequential, whose calls are a chain; its input layer is made explicit where the config leaves it out. */
export function readSequential(
  config: JsonObject,
  className: string,
  path: string,
  reading: Reading,
): ModelGraph {
  const saved = (config["layers"] as JsonValue[]).filter(isObject);
  const name =
    stringAt(config, "name") ?? (path === "" ? "sequential" : path.slice(path.lastIndexOf("/") + 1));
  const merged = readMergedBranches(saved, name, path, reading);
  if (merged) return merged;
  const layers = uniqueNames(
    saved.map((layer, i) => readLayer(layer, path, i, reading)),
    path,
  );
  const features = featureInputs(layers[0], config, path);
  if (features.length > 0) return onFeatures(className, name, features, layers);
  if (layers[0]?.className !== "InputLayer") layers.unshift(inputBefore(layers[0], config, path));
  const refs = layers.map(outputOf);
  const calls = layers.slice(1).map((layer, i) => callOn(layer, { kind: "tensor", ref: refs[i]! }));
  return { className, name, layers, calls, inputs: refs[0]!, outputs: refs.at(-1)! };
}

/** A Sequential on a dict of features, as DenseFeatures takes it. */
function onFeatures(
  className: string,
  name: string,
  features: readonly LayerSpec[],
  layers: readonly LayerSpec[],
): ModelGraph {
  const inputs = Object.fromEntries(features.map((feature) => [feature.name, outputOf(feature)]));
  const given = Object.entries(inputs).map(([key, ref]) => [key, { kind: "tensor", ref }] as const);
  const calls = layers.map((layer, i) =>
    callOn(
      layer,
      i === 0
        ? { kind: "dict", items: Object.fromEntries(given) }
        : { kind: "tensor", ref: outputOf(layers[i - 1]!) },
    ),
  );
  return {
    className,
    name,
    layers: [...features, ...layers],
    calls,
    inputs,
    outputs: outputOf(layers.at(-1)!),
  };
}

function outputOf(layer: LayerSpec): TensorRef {
  return { layer: layer.name, nodeIndex: 0, tensorIndex: 0 };
}

function callOn(layer: LayerSpec, argument: CallArgument): LayerCall {
  return { layer: layer.name, nodeIndex: 0, args: [argument], kwargs: {} };
}

/**
 * The input layer that Keras adds by itself: from the first layer's own shape argument, from the shape the model
 * was built with, or without a shape, which the connecting then takes from the caller or from a nested model.
 */
function inputBefore(first: LayerSpec | undefined, model: JsonObject, scope: string): LayerSpec {
  const name = first ? `${first.name}_input` : "input";
  const config: { [key: string]: JsonValue } = { name };
  const shape = first ? declaredInputShape(first.config) : null;
  const built = model["build_input_shape"];
  if (shape) config["batch_shape"] = shape;
  else if (Array.isArray(built)) config["batch_shape"] = built;
  const dtype = first?.config["input_dtype"] ?? (first?.className === "Embedding" ? "int32" : undefined);
  if (typeof dtype === "string") config["dtype"] = dtype;
  const path = scope === "" ? name : `${scope}/${name}`;
  return {
    className: "InputLayer",
    name,
    path,
    module: null,
    registeredName: null,
    config,
    buildConfig: null,
    model: null,
    inner: {},
  };
}

/** The batch shape that a first layer carries, in any major's spelling; null when it carries none. */
export function declaredInputShape(config: JsonObject): JsonValue[] | null {
  for (const key of ["batch_shape", "batch_input_shape"]) {
    if (Array.isArray(config[key])) return config[key] as JsonValue[];
  }
  for (const key of ["input_shape", "shape"]) {
    if (Array.isArray(config[key])) return [null, ...(config[key] as JsonValue[])];
  }
  // Keras 1: input_dim is the number of features, or for an Embedding the size of its vocabulary.
  const features = config["input_dim"];
  const steps = config["input_length"];
  if (typeof features === "number" && "output_dim" in config && "embeddings_initializer" in config) {
    return [null, typeof steps === "number" ? steps : null];
  }
  if (typeof features === "number" && "input_length" in config) return [null, steps ?? null, features];
  return typeof features === "number" ? [null, features] : null;
}

/** Older Keras let two layers of a Sequential share a name; the later ones are told apart (taxonomy G09). */
function uniqueNames(layers: LayerSpec[], scope: string): LayerSpec[] {
  const taken = new Set<string>();
  return layers.map((layer) => {
    let name = layer.name;
    for (let n = 1; taken.has(name); n++) name = `${layer.name}_${n}`;
    taken.add(name);
    return name === layer.name ? layer : { ...layer, name, path: scope === "" ? name : `${scope}/${name}` };
  });
}
