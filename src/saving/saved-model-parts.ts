import * as tf from "@tensorflow/tfjs";
import { parseJson } from "../formats/json.js";
import type { JsonValue } from "../formats/model-file.js";
import type { ModelGraph } from "../keras/graph.js";
import { isObject } from "../keras/json.js";
import { kerasOrigin } from "../keras/origin.js";
import type { KerasOrigin } from "../layers/registry.js";
import type { PythonBody } from "../loading/lambda/python-function.js";
import { eachLayer, readModelGraph } from "../keras/read-graph.js";

/** What saving needs of a model: its config as a graph, and the layers that hold the weights. */
export interface ModelParts {
  readonly graph: ModelGraph;
  /** By path, as `ModelConnection.layers` has them. */
  readonly layers: ReadonlyMap<string, tf.layers.Layer>;
  /** `compile_config` or `training_config` of the file; null where the model was not loaded or not compiled. */
  readonly trainingConfig: JsonValue;
  /** The Keras that wrote the config. */
  readonly origin: KerasOrigin;
  /** What translated Lambdas compute, in Python, by path. */
  readonly lambdas: ReadonlyMap<string, PythonBody>;
  /** Names of the definitions that layers of public packages were made by, by path. */
  readonly classes: ReadonlyMap<string, string>;
  /** Whether a mask ends at a call with initial states, as in Keras 3; Keras 2 hands it on. */
  readonly masksStopAtStates: boolean;
}

const parts = new WeakMap<tf.LayersModel, ModelParts>();

/** Remembers of what a loaded model is made. */
export function recordParts(model: tf.LayersModel, of: ModelParts): void {
  parts.set(model, of);
}

/** Whether a model was loaded from a file, and not made here. */
export function isLoaded(model: tf.LayersModel): boolean {
  return parts.has(model);
}

/** Takes what the user compiled a loaded model with in place of what its file says; nothing of other models. */
export function recordTraining(model: tf.LayersModel, trainingConfig: JsonValue): void {
  const known = parts.get(model);
  if (known) parts.set(model, { ...known, trainingConfig });
}

/**
 * The parts of a model: those it was loaded from, or read off its own config for a model that was made here.
 * @throws TypeError when the model's own config cannot be read
 */
export function partsOf(model: tf.LayersModel): ModelParts {
  const known = parts.get(model);
  if (known) return known;
  const saved = parseJson(JSON.stringify(model.toJSON(null, false)));
  const config = isObject(saved) && isObject(saved["model_config"]) ? saved["model_config"] : saved;
  const origin = kerasOrigin("2.15.0", "tensorflow", config);
  const { graph, findings } = readModelGraph(config, origin);
  if (!graph)
    throw new TypeError(`The model's config cannot be saved: ${findings[0]?.found ?? "it holds no layers"}.`);
  const layers = new Map(
    [...eachLayer(graph)].map((spec) => [spec.path, layerAt(model, spec.path)] as const),
  );
  return {
    graph,
    layers: new Map([...layers].flatMap(([path, layer]) => (layer ? [[path, layer]] : []))),
    trainingConfig: null,
    origin,
    lambdas: new Map(),
    classes: new Map(),
    masksStopAtStates: false,
  };
}

/** Names may hold a slash, as paths do. */
function layerAt(model: tf.LayersModel, path: string): tf.layers.Layer | undefined {
  const layer = model.layers.find(({ name }) => name === path);
  if (layer) return layer;
  for (const outer of model.layers) {
    if (!(outer instanceof tf.LayersModel) || !path.startsWith(`${outer.name}/`)) continue;
    const inner = layerAt(outer, path.slice(outer.name.length + 1));
    if (inner) return inner;
  }
  return undefined;
}
