import * as tf from "@tensorflow/tfjs";
import type { JsonValue, StoredWeight } from "../formats/model-file.js";
import type { ModelGraph } from "../keras/graph.js";
import { eachLayer } from "../keras/read-graph.js";
import { outputKeys } from "../keras/read-functional.js";
import { isOfUser } from "../layers/custom/custom.js";
import type { KerasOrigin } from "../layers/registry.js";
import { readSerialized } from "./config-values.js";
import { compileModel } from "./compile-model.js";
import { type CompileConfig, nameOf, readCompileConfig, type Unknown } from "./compile-config.js";
import type { CustomFunctions } from "./losses/loss.js";
import { KerasOptimizer } from "./optimizers/keras-optimizer.js";
import { restoreSlots } from "./optimizers/checkpoint-slots.js";
import { shapesKept } from "./optimizers/kept-for.js";
import { hasParts, orderOfParts } from "./optimizers/order-of-parts.js";
import { restoreState, type Restored } from "./optimizers/state.js";
import { readOptimizer, unknownSchedule, unreadableRate } from "./optimizers/table.js";
import type { Watched } from "./train-step.js";
import { trainableWeights, type TrainableModel } from "./trainable-model.js";

/** Makes an optimizer of the user's own from its saved arguments. */
export type OptimizerMaker = (config: Readonly<Record<string, JsonValue>>) => tf.Optimizer;

/** What a file knows about training, and where it belongs. */
export interface TrainingSource {
  readonly trainingConfig: JsonValue;
  readonly optimizerWeights: readonly StoredWeight[];
  readonly origin: KerasOrigin;
  /** From which stored tensor each variable came, for slots that are named by it (SavedModel, checkpoints). */
  readonly origins: ReadonlyMap<tf.LayerVariable, StoredWeight>;
  readonly custom: CustomFunctions;
  /** Optimizers that the user registered, by the name that files have for them. */
  readonly optimizers: ReadonlyMap<string, OptimizerMaker>;
  watched(): Watched;
  /** Whether the optimizer's state is wanted. */
  readonly withOptimizer: boolean;
  /** False for a cut or damaged file: what it has of the state may be a part. */
  readonly isWhole: boolean;
}

/** What came of it. */
export interface RestoredTraining {
  readonly config: CompileConfig;
  readonly optimizer: KerasOptimizer | null;
  /** Whether an optimizer that the user registered stands in its place. */
  readonly own: boolean;
  /** False where nothing could be compiled: no loss is known. */
  readonly compiled: boolean;
  readonly unknown: readonly Unknown[];
  readonly state: Restored;
}

/**
 * Compiles a loaded model as it was compiled when it was saved, with the optimizer's state. Never throws for what the
 * file says: what is unknown is left out and said.
 */
export async function restoreTraining(
  model: tf.LayersModel,
  parts: TrainableModel,
  source: TrainingSource,
): Promise<RestoredTraining> {
  const config = readCompileConfig(
    source.trainingConfig,
    outputNames(model, parts.graph),
    source.custom,
    source.origin,
  );
  const spec = readOptimizer(config.optimizer, source.origin.major);
  const own = ownOptimizer(config.optimizer, source.optimizers);
  const optimizer = !own && spec ? new KerasOptimizer(spec) : null;
  const unknown = [
    ...config.unknown,
    ...addedMetrics(parts.graph),
    ...(own ? [] : unknownOptimizer(config.optimizer, optimizer)),
  ];
  const state = optimizer
    ? await stateOf(optimizer, parts, source)
    : { restored: 0, refused: source.optimizerWeights.length > 0 ? noPlace(own) : null };
  const compiled = config.losses.some((loss) => loss !== null);
  if (compiled) {
    compileModel(model, parts, config, own ?? optimizer ?? tf.train.sgd(0.01), source.watched());
    // As tfjs does with one that `compile` made: else its slots would outlive the model.
    Object.assign(model, { isOptimizerOwned: own === null });
  }
  return { config, optimizer, own: own !== null, compiled, unknown, state };
}

/** `add_metric` of Keras 2 says what a tensor is named in the history: it is left out. */
function addedMetrics(graph: ModelGraph): Unknown[] {
  return [...eachLayer(graph)].flatMap(({ className, config, name }) => {
    const metric = config["metric_name"];
    return className === "AddMetric"
      ? [{ kind: "metric" as const, name: typeof metric === "string" ? metric : name }]
      : [];
  });
}

function noPlace(own: tf.Optimizer | null): string {
  return own ? "the optimizer registered for it starts afresh" : "no optimizer is known for it";
}

/** What the user registered stands before an optimizer of Keras's of that name. */
function ownOptimizer(
  saved: JsonValue | undefined,
  optimizers: ReadonlyMap<string, OptimizerMaker>,
): tf.Optimizer | null {
  const read = readSerialized(saved);
  const make = read && (optimizers.get(read.savedName) ?? optimizers.get(read.name));
  if (!make) return null;
  const made = make(read.config);
  if (made instanceof tf.Optimizer) return made;
  throw new TypeError(
    `The function registered for the optimizer ${read.savedName} must return an optimizer of TensorFlow.js.`,
  );
}

/** What losses and metrics can be saved under: names of layers, and Keras 3's keys where the outputs are a dictionary. */
function outputNames({ outputNames: names }: tf.LayersModel, { outputs }: ModelGraph): string[][] {
  const keys = outputKeys(outputs);
  return names.map((name, i) => (keys[i] === undefined ? [name] : [keys[i], name]));
}

async function stateOf(
  optimizer: KerasOptimizer,
  parts: TrainableModel,
  { optimizerWeights, origins, withOptimizer, isWhole }: TrainingSource,
): Promise<Restored> {
  if (!withOptimizer || optimizerWeights.length === 0) return { restored: 0, refused: null };
  const variables = parts.trainable();
  for (const { variable, path } of variables) optimizer.name(variable, path);
  try {
    const plain = inKerasOrder(optimizer, parts, { optimizerWeights, origins });
    return optimizerWeights.some(({ path }) => path.includes("/.ATTRIBUTES/"))
      ? await restoreSlots(optimizer, plain, optimizerWeights, origins)
      : await restoreState(optimizer, plain, optimizerWeights, isWhole);
  } catch (error) {
    return { restored: 0, refused: (error as Error).message };
  }
}

/** The variables in the order of the optimizer's state. @throws Error where that of a user's layer cannot be told */
function inKerasOrder(
  optimizer: KerasOptimizer,
  { graph, layers }: TrainableModel,
  { optimizerWeights, origins }: Pick<TrainingSource, "optimizerWeights" | "origins">,
): tf.Variable[] {
  const all = trainableWeights(graph, layers);
  const order = all.map(({ weight }) => weight.read() as tf.Variable);
  const shapes = shapesKept(optimizer, order, optimizerWeights);
  if (shapes?.length !== all.length) return order;
  for (const path of new Set(all.map(({ layer }) => layer))) {
    const first = all.findIndex(({ layer }) => layer === path);
    const own = all.filter(({ layer }) => layer === path);
    const trained = own.flatMap(({ weight }) => {
      const source = origins.get(weight);
      return source && /\/vars\/\d+$/.test(source.name) ? [{ weight, source }] : [];
    });
    if (!isOfUser(layers.get(path)!) || trained.length < own.length || !hasParts(trained)) continue;
    const told = orderOfParts(trained, shapes.slice(first, first + own.length));
    if (!told)
      throw new Error(
        `it keeps its state for the parts of ${path} in the order in which they were made, which the file does not tell`,
      );
    told.forEach((weight, i) => (order[first + i] = weight.read() as tf.Variable));
  }
  return order;
}

function unknownOptimizer(saved: JsonValue | undefined, optimizer: KerasOptimizer | null): Unknown[] {
  if (saved === undefined || saved === null) return [];
  if (!optimizer) return [{ kind: "optimizer", name: nameOf(saved) }];
  const schedule = unknownSchedule(saved);
  if (schedule !== null) return [{ kind: "schedule", name: schedule }];
  const rate = unreadableRate(saved);
  return rate === null ? [] : [{ kind: "learning rate", name: rate }];
}
