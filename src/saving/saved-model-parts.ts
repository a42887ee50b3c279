import * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../formats/model-file.js";
import type { ModelGraph } from "../keras/graph.js";
import { containerOf, graphByHand, hasLayersOfKeras, readOwnConfig, TFJS } from "../keras/graph-by-hand.js";
import { masksStopAtStates } from "../keras/implicit-masks.js";
import { originOf } from "../layers/made-from.js";
import type { KerasOrigin } from "../layers/registry.js";
import type { PythonBody } from "../loading/lambda/python-function.js";
import { eachLayer } from "../keras/read-graph.js";

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
/** What models that were made by hand were compiled with. */
const training = new WeakMap<object, JsonValue>();

/** Remembers of what a loaded model is made. */
export function recordParts(model: tf.LayersModel, of: ModelParts): void {
  parts.set(model, of);
}

/** Whether a model was loaded from a file, or has layers of one that was. */
export function isOfKeras(model: tf.LayersModel): boolean {
  return parts.has(model) || hasLayersOfKeras(model);
}

/** Takes what the user compiled a model with in place of what its file says. */
export function recordTraining(model: tf.LayersModel, trainingConfig: JsonValue): void {
  const known = parts.get(model);
  if (known) parts.set(model, { ...known, trainingConfig });
  else training.set(model, trainingConfig);
}

/**
 * The parts of a model: those it was loaded from, or read off its own config for a model that was made here.
 * @throws TypeError when the model's own config cannot be read
 */
export function partsOf(model: tf.LayersModel): ModelParts {
  const known = parts.get(model);
  if (known) return known;
  const common = {
    trainingConfig: training.get(model) ?? training.get(containerOf(model)) ?? null,
    lambdas: new Map(),
    classes: new Map(),
    masksStopAtStates: false,
  };
  if (hasLayersOfKeras(model)) {
    const built = graphByHand(model);
    const origin = commonOrigin(built.layers) ?? TFJS;
    return { ...common, ...built, origin, masksStopAtStates: masksStopAtStates(origin) };
  }
  const { graph, findings } = readOwnConfig(model);
  if (!graph)
    throw new TypeError(`The model's config cannot be saved: ${findings[0]?.found ?? "it holds no layers"}.`);
  const layers = new Map(
    [...eachLayer(graph)].map((spec) => [spec.path, layerAt(model, spec.path)] as const),
  );
  return {
    ...common,
    graph,
    layers: new Map([...layers].flatMap(([path, layer]) => (layer ? [[path, layer]] : []))),
    origin: TFJS,
  };
}

/** @throws TypeError where layers of Keras 2 and of Keras 3 are in one model: one name may mean two things in them */
function commonOrigin(layers: ReadonlyMap<string, tf.layers.Layer>): KerasOrigin | undefined {
  const found = [...layers].flatMap(([path, layer]) => {
    const origin = originOf(layer);
    return origin ? [{ path, origin }] : [];
  });
  const [first] = found;
  const other = found.find(({ origin }) => (origin.major === 3) !== (first!.origin.major === 3));
  if (first && other)
    throw new TypeError(
      `The model joins layers of Keras ${first.origin.version} (${first.path}) and of Keras ${other.origin.version} (${other.path}), which do not mean the same by all arguments. Save each model that was loaded as .keras first, load that, and join them anew.`,
    );
  return first?.origin;
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
