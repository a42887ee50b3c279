import * as tf from "@tensorflow/tfjs";
import { locate } from "../../loading/report/evidence.js";
import { partsOf } from "../../saving/saved-model-parts.js";
import type { ConfigEntry, LayerDetail, WeightDetail } from "./layer-detail.js";
import { histogramOf, statisticsOf } from "../tensor/tensor-statistics.js";

/** Models up to so many layers and parameters carry the details of all their layers. */
const SMALL_LAYERS = 40;
const SMALL_PARAMETERS = 300_000;

const MOST_WEIGHTS = 40;
const MOST_ENTRIES = 40;
const LONGEST_VALUE = 160;

/** The details of each layer by its path, where the model is small; else empty: they are asked for one by one. */
export async function smallModelDetails(
  model: tf.LayersModel,
  paths: readonly string[],
): Promise<Record<string, LayerDetail>> {
  const details: Record<string, LayerDetail> = {};
  if (paths.length > SMALL_LAYERS || model.countParams() > SMALL_PARAMETERS) return details;
  for (const path of paths) {
    const detail = await layerDetail(model, path);
    if (detail !== null) details[path] = detail;
  }
  return details;
}

/**
 * Config and weights of one layer.
 * @param path names from the root, `encoder/dense_1`
 * @returns null where the model has no such layer
 */
export async function layerDetail(model: tf.LayersModel, path: string): Promise<LayerDetail | null> {
  const layer = layerAt(model, path);
  if (layer === null) return null;
  // A nested model's layers have rows of their own.
  const weights = layer instanceof tf.LayersModel ? [] : layer.weights;
  const shown = [];
  for (const weight of weights.slice(0, MOST_WEIGHTS)) shown.push(await weightDetail(weight, layer.name));
  return {
    config: layer instanceof tf.LayersModel ? [] : configEntries(configOf(model, path, layer)),
    weights: shown,
    moreWeights: Math.max(0, weights.length - MOST_WEIGHTS),
  };
}

function layerAt(model: tf.LayersModel, path: string): tf.layers.Layer | null {
  for (const layer of model.layers) {
    if (layer.name === path) return layer;
    if (!(layer instanceof tf.LayersModel) || !path.startsWith(`${layer.name}/`)) continue;
    const found = layerAt(layer, path.slice(layer.name.length + 1));
    if (found) return found;
  }
  return null;
}

async function weightDetail(weight: tf.LayerVariable, layer: string): Promise<WeightDetail> {
  // Not `name`, which TensorFlow.js numbers where an earlier model had it too: kernel_14.
  const { originalName, shape, dtype } = weight;
  const about = { name: shortName(originalName, layer), shape, dtype, trainable: weight.trainable };
  const nothing = { ...about, statistics: null, histogram: null };
  if (dtype === "string" || dtype === "complex64") return nothing;
  const value = weight.read();
  if (value.isDisposed) return nothing;
  // data(), not dataSync(): a GPU is not waited for while others could go on.
  const values = (await value.data()) as ArrayLike<number>;
  const statistics = statisticsOf(values);
  return { ...about, statistics, histogram: statistics && histogramOf(values, statistics) };
}

/** `dense/kernel` of the layer `dense` is its `kernel`. */
function shortName(name: string, layer: string): string {
  const at = name.lastIndexOf(`${layer}/`);
  return at === -1 ? name : name.slice(at + layer.length + 1);
}

const COMMON = new Set(["name", "batch_input_shape", "batchInputShape", "batch_shape", "build_config"]);

/** As the file has it; of a layer made here, what it says of itself. */
function configOf(model: tf.LayersModel, path: string, layer: tf.layers.Layer): object {
  try {
    const found = locate(partsOf(model).graph, path);
    return found?.spec.path === path ? found.spec.config : layer.getConfig();
  } catch {
    return {}; // a class that the user wrote without getConfig, or with one that fails
  }
}

function configEntries(config: object): ConfigEntry[] {
  return Object.entries(config)
    .filter(([key, value]) => !COMMON.has(key) && value !== undefined)
    .slice(0, MOST_ENTRIES)
    .map(([key, value]) => ({ name: kerasName(key), value: cut(valueText(value, 0)) }));
}

/** TensorFlow.js writes `useBias`. */
function kerasName(key: string): string {
  return key.replaceAll(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}

/** As Python would write it; objects by their class name and what they hold. */
function valueText(value: unknown, depth: number): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `[${listText(value, (item) => valueText(item, depth + 1))}]`;
  const members = value as Readonly<Record<string, unknown>>;
  const className = members["className"] ?? members["class_name"];
  const inside = typeof className === "string" ? members["config"] : members;
  const entries = Object.entries((inside ?? {}) as object).filter(([, item]) => item !== undefined);
  const text =
    depth >= 2 ? "…" : listText(entries, ([key, item]) => `${kerasName(key)}=${valueText(item, depth + 1)}`);
  return typeof className === "string" ? `${className}(${entries.length === 0 ? "" : text})` : `{${text}}`;
}

function listText<T>(items: readonly T[], textOf: (item: T) => string): string {
  const shown = items.slice(0, 12).map(textOf);
  return [...shown, ...(items.length > 12 ? [`… ${items.length} in all`] : [])].join(", ");
}

function cut(text: string): string {
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE - 1)}…`;
}
