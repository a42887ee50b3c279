import * as tf from "@tensorflow/tfjs";
import type { StoredLayer, StoredWeight, WeightArray } from "../formats/model-file.js";
import type { KerasOrigin } from "../layers/registry.js";
import type { KerasFinding } from "./finding.js";
import type { LayerSpec, ModelGraph } from "./graph.js";

export interface BindResult {
  /** W01, W02, W03, W05: each names the layer; tensors that fit are bound nevertheless. */
  readonly findings: readonly KerasFinding[];
  /** Number of variables that got their values. */
  readonly bound: number;
}

type Layers = ReadonlyMap<string, tf.layers.Layer>;

/**
 * Gives a model's variables their stored values, by order and not by name, one tensor at a time
 * (legacy_h5_format.py `load_weights_from_hdf5_group`: both sides reduced to layers that have weights). Where the
 * two sides differ in number, layers are matched by name instead.
 * @param layers by path, as `ModelConnection.layers` has them
 * @param stored the file's layers in its own order
 */
export async function bindWeights(
  graph: ModelGraph,
  layers: Layers,
  stored: readonly StoredLayer[],
  origin: KerasOrigin,
): Promise<BindResult> {
  const specs = graph.layers.filter((spec) => variablesOf(spec, layers).length > 0);
  const sources = stored.filter((layer) => savedWeights(layer).length > 0);
  const findings: KerasFinding[] = [];
  const sameCount = specs.length === sources.length;
  if (!sameCount) findings.push(differentCount(specs, sources));
  const byName = new Map(sources.map((layer) => [layer.name, layer]));
  let bound = 0;
  for (const [i, spec] of specs.entries()) {
    const source = sameCount ? sources[i]! : byName.get(spec.name);
    if (!source) {
      findings.push(withoutWeights(spec));
      continue;
    }
    const result = await bindLayer(spec, layers, source, origin);
    findings.push(...result.findings);
    bound += result.bound;
  }
  return { findings, bound };
}

/** Gives one layer of the root model (a nested model counts as one) its stored values. */
export async function bindLayer(
  spec: LayerSpec,
  layers: Layers,
  stored: StoredLayer,
  origin: KerasOrigin,
): Promise<BindResult> {
  if (spec.model && stored.inner) return bindWeights(spec.model, layers, stored.inner, origin);
  const variables = variablesOf(spec, layers);
  const weights = savedWeights(stored);
  const lost = stored.missing.filter(({ index }) => index < variables.length);
  const findings: KerasFinding[] = lost.map((weight) => lostWeight(spec, weight.name));
  // What the file names but does not hold leaves a gap in the order.
  const gaps = new Set(lost.map(({ index }) => index));
  const present = variables.filter((_, i) => !gaps.has(i));
  const sameCount = present.length === weights.length;
  if (!sameCount) findings.push(differentWeights(spec, variables, weights));
  const pairs = sameCount
    ? variables.map((v, i) => [v, weights[i]!] as const)
    : alignByShape(present, weights);
  let bound = 0;
  for (const [variable, weight] of pairs) {
    if (!sameShape(variable, weight)) {
      findings.push(differentShape(spec, variable, weight));
      continue;
    }
    try {
      const value = toTensor(await weight.read(), weight, variable.dtype);
      variable.write(value);
      value.dispose();
      bound++;
    } catch (error) {
      findings.push(unreadable(spec, weight, error));
    }
  }
  return { findings, bound };
}

/**
 * A layer's variables in the order in which Keras stores them: trainable before non-trainable, and for a nested
 * model so over all of its layers together (legacy_h5_format.py `_legacy_weights`).
 */
export function variablesOf(spec: LayerSpec, layers: Layers): tf.LayerVariable[] {
  const { trainable, still } = split(spec, layers, true);
  return [...trainable, ...still];
}

function split(
  spec: LayerSpec,
  layers: Layers,
  parentTrainable: boolean,
): { trainable: tf.LayerVariable[]; still: tf.LayerVariable[] } {
  if (spec.model) {
    const trains = parentTrainable && spec.config["trainable"] !== false;
    const parts = spec.model.layers.map((inner) => split(inner, layers, trains));
    return {
      trainable: parts.flatMap((part) => part.trainable),
      still: parts.flatMap((part) => part.still),
    };
  }
  const layer = layers.get(spec.path);
  if (!layer) return { trainable: [], still: [] };
  if (!parentTrainable) return { trainable: [], still: layer.weights };
  return { trainable: layer.trainableWeights, still: layer.nonTrainableWeights };
}

/** Without the state of random generators, which some Keras 3 versions store and no prediction needs. */
function savedWeights(layer: StoredLayer): readonly StoredWeight[] {
  return layer.weights.filter((weight) => !/seed_generator/.test(weight.name));
}

/** Pairs in order those whose shapes agree, skipping what the other side lacks. */
function alignByShape(
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

function sameShape(variable: tf.LayerVariable, weight: StoredWeight): boolean {
  return (
    variable.shape.length === weight.shape.length && variable.shape.every((n, i) => n === weight.shape[i])
  );
}

function toTensor(values: WeightArray, weight: StoredWeight, dtype: tf.DataType): tf.Tensor {
  if (Array.isArray(values)) throw new Error("text where numbers belong");
  const numbers =
    values instanceof BigInt64Array || values instanceof BigUint64Array ? Array.from(values, Number) : values;
  const shape = [...weight.shape];
  if (dtype === "int32") return tf.tensor(Int32Array.from(numbers as ArrayLike<number>), shape, "int32");
  const floats = numbers instanceof Float32Array ? numbers : Float32Array.from(numbers as ArrayLike<number>);
  return tf.tensor(floats, shape, "float32");
}

const list = (names: readonly string[]): string =>
  names.length > 6 ? `${names.slice(0, 6).join(", ")}, ... (${names.length})` : names.join(", ");

const shapes = (items: readonly { readonly shape: readonly (number | null)[] }[]): string =>
  list(items.map(({ shape }) => `[${shape.join(", ")}]`));

function differentCount(specs: readonly LayerSpec[], sources: readonly StoredLayer[]): KerasFinding {
  const inFile = new Set(sources.map((layer) => layer.name));
  const inModel = new Set(specs.map((spec) => spec.name));
  const extra = sources.filter((layer) => !inModel.has(layer.name)).map((layer) => layer.name);
  const missing = specs.filter((spec) => !inFile.has(spec.name)).map((spec) => spec.name);
  const parts = [
    missing.length > 0 ? `only the model has ${list(missing)}` : "",
    extra.length > 0 ? `only the file has ${list(extra)}` : "",
  ].filter((part) => part !== "");
  return {
    code: "W01",
    layer: null,
    found: `${specs.length} layers with weights in the model, ${sources.length} in the file; ${parts.join("; ")}`,
    why: "weights are stored by the order of the layers, and the two orders differ",
    advice: "Layers of the same name got their weights; check the others.",
    blocking: true,
  };
}

function withoutWeights(spec: LayerSpec): KerasFinding {
  return {
    code: "W05",
    layer: spec.path,
    found: `no stored weights for "${spec.name}"`,
    why: "the file has no group of that name",
    advice: "The layer keeps its starting values, zeros; give it weights or leave it out.",
    blocking: true,
  };
}

function differentWeights(
  spec: LayerSpec,
  variables: readonly tf.LayerVariable[],
  weights: readonly StoredWeight[],
): KerasFinding {
  return {
    code: "W02",
    layer: spec.path,
    found: `the layer has ${variables.length} weights ${shapes(variables)}, the file ${weights.length}: ${shapes(weights)}`,
    why: "an argument such as use_bias, scale or reset_after says otherwise than the stored weights",
    advice: "Weights of the same shape are bound in order; correct the argument to bind all.",
    blocking: true,
  };
}

function differentShape(spec: LayerSpec, variable: tf.LayerVariable, weight: StoredWeight): KerasFinding {
  return {
    code: "W03",
    layer: spec.path,
    found: `${weight.name} is stored as [${weight.shape.join(", ")}], the layer takes [${variable.shape.join(", ")}]`,
    why: "the config and the weights come from different models, or from one with another layout",
    advice: "Take the size from the stored weight, or find the file that belongs to this config.",
    blocking: true,
  };
}

function lostWeight(spec: LayerSpec, name: string): KerasFinding {
  return {
    code: "W05",
    layer: spec.path,
    found: `${name} is named in the file but not there`,
    why: "the dataset is missing, or lies beyond the end of a truncated file",
    advice: "The tensor keeps its starting value, zeros; get the whole file for the real one.",
    blocking: true,
  };
}

function unreadable(spec: LayerSpec, weight: StoredWeight, error: unknown): KerasFinding {
  return {
    code: "W05",
    layer: spec.path,
    found: `${weight.name} at ${weight.path} cannot be read: ${(error as Error).message}`,
    why: "its bytes are damaged or missing",
    advice: "The tensor keeps its starting value, zeros; get the whole file for the real one.",
    blocking: true,
  };
}
