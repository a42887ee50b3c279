import type * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../formats/model-file.js";
import { isObject, plain } from "../keras/json.js";
import { modelConfig } from "./graph-config.js";
import { keras3Graph } from "./keras3-graph.js";
import { plainNames, withNames } from "./plain-names.js";
import type { ModelParts } from "./saved-model-parts.js";
import { optimizerConfig, optimizerTensors } from "./save-optimizer.js";
import { shapesOf } from "./tensor-shapes.js";
import { hdf5Bytes, savedArray, type Hdf5Array, type Hdf5Group } from "./write-hdf5.js";
import { weightTree, type WeightTree } from "./weights-layout.js";
import { zipBytes } from "./zip.js";

/** Newest Keras whose layout is written. */
const KERAS = "3.15.1";
/** Marks a model whose masks go on as in Keras 2: they stay unsaid in the config, which Keras never does. */
const WITH_MASKS = `${KERAS}+loadlab`;

/** The bytes of a `.keras` archive that Keras 3 loads, with the state of the optimizer. */
export async function kerasArchive(
  model: tf.LayersModel,
  { graph: given, layers, trainingConfig, origin, masksStopAtStates }: ModelParts,
): Promise<Buffer> {
  const graph = keras3Graph(given);
  const compiled = compileConfig(model, trainingConfig);
  const written: Record<string, JsonValue> = {
    ...modelConfig(graph, 3, origin, shapesOf(layers)),
    ...(compiled ? { compile_config: compiled } : {}),
  };
  const config = withNames(written, plainNames(written));
  const tree = await treeGroup(weightTree(graph, layers));
  const optimizer = await optimizerTensors(model, layers, graph);
  const weights: Hdf5Group = optimizer
    ? { ...tree, groups: { ...tree.groups, optimizer: optimizerGroup(optimizer, compiled) } }
    : tree;
  const text = (value: unknown) => Buffer.from(withFloats(JSON.stringify(value)));
  return zipBytes({
    "metadata.json": text({
      keras_version: masksStopAtStates ? KERAS : WITH_MASKS,
      date_saved: new Date().toISOString().replace("T", "@").slice(0, 19),
    }),
    "config.json": text(config),
    "model.weights.h5": await hdf5Bytes(weights),
  });
}

/** A LossScaleOptimizer stores its inner one's variables behind its own four, and again for itself. */
function optimizerGroup(arrays: readonly Hdf5Array[], compiled: Record<string, JsonValue> | null): Hdf5Group {
  const vars = { datasets: numbered(arrays) };
  const optimizer = compiled?.["optimizer"];
  const scaled = isObject(optimizer) && optimizer["class_name"] === "LossScaleOptimizer";
  const inner = { groups: { vars: { datasets: numbered(arrays.slice(4)) } } };
  return { groups: { vars, ...(scaled ? { inner_optimizer: inner } : {}) } };
}

/** Python tells 0 from 0.0, and Keras refuses the first for these arguments. */
function withFloats(json: string): string {
  return json.replace(FLOATS, "$1.0");
}

const FLOATS =
  /("(?:momentum|rho|power|weight_decay|clipnorm|clipvalue|global_clipnorm|epsilon\w*|beta(?:_\w+)?|ema_momentum|\w*learning_rate|decay_rate|[tm]_mul|alpha|initial_scale|warmup_target|adam_weight_decay|delta|label_smoothing)":-?\d+)(?=[,}])/g;

/** The bytes of a `.weights.h5` as Keras 3's `model.save_weights` writes it: variables alone, by the layers' classes. */
export async function kerasWeights({ graph, layers }: ModelParts): Promise<Uint8Array> {
  return hdf5Bytes(await treeGroup(weightTree(keras3Graph(graph), layers, "Sequential")));
}

async function treeGroup({ label, variables, names, children }: WeightTree): Promise<Hdf5Group> {
  const groups: Record<string, Hdf5Group> = {};
  for (const [name, child] of Object.entries(children)) groups[name] = await treeGroup(child);
  const values: Hdf5Array[] = [];
  for (const variable of variables) values.push(await savedArray(variable));
  groups["vars"] = { attributes: { name: label }, datasets: numbered(values, names) };
  return { groups };
}

function numbered(arrays: readonly Hdf5Array[], names?: readonly string[]): Record<string, Hdf5Array> {
  return Object.fromEntries(arrays.map((array, i) => [names?.[i] ?? String(i), array]));
}

/** The loss and metrics as they were saved, with the optimizer as Keras 3 has it. */
function compileConfig(model: tf.LayersModel, saved: JsonValue): Record<string, JsonValue> | null {
  const optimizer = optimizerConfig(model);
  if (!optimizer) return null;
  const config = plain(saved);
  const at = (key: string) =>
    typeof config === "object" && config !== null && !Array.isArray(config) ? (config[key] ?? null) : null;
  return {
    optimizer,
    loss: todaysObjects(at("loss"), "losses"),
    loss_weights: at("loss_weights"),
    metrics: todaysObjects(at("metrics"), "metrics"),
    weighted_metrics: todaysObjects(at("weighted_metrics"), "metrics"),
    run_eagerly: false,
    steps_per_execution: 1,
    jit_compile: false,
  };
}

/** Losses and metrics of Keras 2 in the notation of Keras 3: modules named, wrappers taken off. */
function todaysObjects(value: JsonValue, kind: "losses" | "metrics"): JsonValue {
  if (Array.isArray(value)) return value.map((item) => todaysObjects(item, kind));
  if (typeof value !== "object" || value === null) return value;
  const className = value["class_name"];
  if (typeof className !== "string") {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, todaysObjects(item, kind)]));
  }
  const config = { ...(value["config"] as Record<string, JsonValue>) };
  if (className === "MeanMetricWrapper") return config["fn"] ?? null;
  delete config["fn"];
  if (config["reduction"] === "auto") config["reduction"] = "sum_over_batch_size";
  const registered = value["registered_name"] ?? null;
  const custom = className.includes(">") || (typeof registered === "string" && registered.includes(">"));
  return {
    module: custom ? null : `keras.${kind}`,
    class_name: className,
    config,
    registered_name: custom ? registered : null,
  };
}
