import type * as tf from "@tensorflow/tfjs";
import type { LayerSpec, ModelGraph } from "../keras/graph.js";
import { variablesOf } from "../keras/stored-weights.js";
import { ComputedLayer } from "../layers/computed-layer.js";
import { savedVariables } from "../layers/weights/saved-value.js";
import { modelConfig } from "./graph-config.js";
import { refuseHeldTensors } from "./held-tensors.js";
import { keras2Graph } from "./keras2-graph.js";
import { pythonJson } from "./python-floats.js";
import type { ModelParts } from "./saved-model-parts.js";
import { shapesOf } from "./tensor-shapes.js";
import { hdf5Bytes, savedArray, type Hdf5Array, type Hdf5Group } from "./write-hdf5.js";

/** The version whose layout is written. */
const KERAS = "2.15.0";

/** One stored weight: `dense/kernel:0`. */
export interface NamedWeight {
  readonly name: string;
  readonly variable: tf.LayerVariable;
}

/** The bytes of a `.h5` file that Keras 2 loads: config and weights, without the training. @throws TypeError */
export async function kerasHdf5(given: ModelParts): Promise<Uint8Array> {
  const parts = keras2Parts(given);
  refuseHeldTensors(parts.graph);
  const { graph, layers } = parts;
  const groups: Record<string, Hdf5Group> = {};
  for (const spec of graph.layers) groups[spec.name] = await layerGroup(namedWeights(spec, layers));
  return hdf5Bytes({
    attributes: {
      keras_version: KERAS,
      backend: "tensorflow",
      model_config: pythonJson(keras2Config(parts, true)),
    },
    groups: {
      model_weights: {
        attributes: {
          ...split(
            "layer_names",
            graph.layers.map(({ name }) => name),
          ),
          backend: "tensorflow",
          keras_version: KERAS,
        },
        groups,
      },
    },
  });
}

/** The parts of a model with its graph as Keras 2 has it. */
export function keras2Parts(parts: ModelParts): ModelParts {
  return { ...parts, graph: keras2Graph(parts.graph, parts.masksStopAtStates) };
}

/** The config of `keras2Parts`. */
export function keras2Config({ graph, layers, origin }: ModelParts, forKeras: boolean) {
  return modelConfig(graph, 2, origin, shapesOf(layers), forKeras);
}

async function layerGroup(weights: readonly NamedWeight[]): Promise<Hdf5Group> {
  const datasets: Record<string, Hdf5Array> = {};
  for (const { name, variable } of weights) datasets[name] = await savedArray(variable);
  return { attributes: split("weight_names", Object.keys(datasets)), datasets };
}

/** A layer's weights in the order in which Keras 2 stores them, by names that are unique in it. */
export function namedWeights(spec: LayerSpec, layers: ReadonlyMap<string, tf.layers.Layer>): NamedWeight[] {
  const taken = new Map<string, number>();
  return savedVariables(variablesOf(spec, layers)).map((variable) => {
    const own = ownerOf(variable, spec.model ?? null, layers) ?? spec.name;
    const base = runsSavedModel(layers.get(spec.path))
      ? fullName(variable, spec)
      : `${own}/${variable.originalName.split("/").at(-1)!.replace(/_\d+$/, "")}`;
    const count = taken.get(base) ?? 0;
    taken.set(base, count + 1);
    return { name: `${count === 0 ? base : `${base}_${count}`}:0`, variable };
  });
}

/** Only the names tell which weight of the SavedModel each of the layer's is. */
function runsSavedModel(layer: tf.layers.Layer | undefined): boolean {
  return layer instanceof ComputedLayer && layer.computation.weightsElsewhere === false;
}

/** As the file had it: tfjs puts the layer's name before. */
function fullName({ originalName }: tf.LayerVariable, { name }: LayerSpec): string {
  return originalName.startsWith(`${name}/`) ? originalName.slice(name.length + 1) : originalName;
}

/** The layer of a nested model that a variable belongs to. */
function ownerOf(
  variable: tf.LayerVariable,
  model: ModelGraph | null,
  layers: ReadonlyMap<string, tf.layers.Layer>,
): string | null {
  for (const inner of model?.layers ?? []) {
    const found = inner.model
      ? ownerOf(variable, inner.model, layers)
      : layers.get(inner.path)?.weights.includes(variable)
        ? inner.name
        : null;
    if (found !== null) return found;
  }
  return null;
}

const LIMIT = 64_000;

/** A list of names, in numbered parts where it is too long for one attribute (`HDF5_OBJECT_HEADER_LIMIT`). */
function split(key: string, names: readonly string[]): Record<string, readonly string[]> {
  const longest = Math.max(1, ...names.map((name) => Buffer.byteLength(name)));
  const perPart = Math.max(1, Math.floor(LIMIT / Math.max(16, longest)));
  if (names.length <= perPart) return { [key]: names };
  const count = Math.ceil(names.length / perPart);
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`${key}${i}`, names.slice(i * perPart, (i + 1) * perPart)]),
  );
}
