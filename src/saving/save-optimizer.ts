import type * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../formats/model-file.js";
import type { ModelGraph } from "../keras/graph.js";
import { isObject, plain } from "../keras/json.js";
import { bare, readSerialized } from "../training/config-values.js";
import { KerasOptimizer } from "../training/optimizers/keras-optimizer.js";
import { readOptimizer } from "../training/optimizers/table.js";
import { type Place, storedOrder } from "../training/optimizers/state.js";
import { trainableWeights } from "../training/trainable-model.js";
import { arrayOf, type Hdf5Array } from "./write-hdf5.js";

/** Optimizers that Keras 3 has under the same name; Addons' are left out of what is saved. */
const IN_KERAS_3 = new Set([
  ...[
    "SGD",
    "Adam",
    "AdamW",
    "Adamax",
    "Nadam",
    "RMSprop",
    "Adagrad",
    "Adadelta",
    "Ftrl",
    "Lion",
    "Adafactor",
  ],
  ...["Lamb", "Muon", "ScheduleFreeAdamW"],
]);

const DROPPED = new Set([
  "jit_compile",
  "is_legacy_optimizer",
  "decay",
  "lr",
  "schedule_decay",
  "adaptive_epsilon",
  "exclude_from_weight_decay",
]);

/** Schedules that Keras 3 has; Addons' and those that it dropped are not. */
const SCHEDULES =
  /^(ExponentialDecay|InverseTimeDecay|PiecewiseConstantDecay|PolynomialDecay|CosineDecay(Restarts)?)$/;

/** The optimizer as Keras 3 saves it; null where Keras 3 has none of the kind, or the model has another's. */
export function optimizerConfig(model: tf.LayersModel): Record<string, JsonValue> | null {
  const optimizer = kerasOptimizer(model);
  if (!optimizer) return null;
  const { spec } = optimizer;
  const config: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(spec.config)) {
    // Keras 3 takes no number in quotes for a number.
    if (!DROPPED.has(key))
      config[key] = key === "name" ? plain(value) : todaysSchedule(bare(plain(value)) ?? null);
  }
  if (!spec.schedule) config["learning_rate"] = optimizer.learningRate;
  const { decay, weightDecay, decayByRate } = spec.settings;
  if (!spec.schedule && decay !== 0) config["learning_rate"] = decayingRate(optimizer.learningRate, decay);
  // Addons takes that part of a variable itself, Keras 3 that part times the rate.
  if (weightDecay !== 0 && !decayByRate) config["weight_decay"] = weightDecay / optimizer.learningRate;
  const own = { module: "keras.optimizers", class_name: spec.className, config, registered_name: null };
  if (!spec.lossScale) return own;
  return {
    module: "keras.optimizers",
    class_name: "LossScaleOptimizer",
    config: {
      name: "loss_scale_optimizer",
      inner_optimizer: own,
      initial_scale: spec.lossScale.initial,
      dynamic_growth_steps: spec.lossScale.growthSteps,
    },
    registered_name: null,
  };
}

/** The rate that Keras before 2.11 divides by 1 + `decay` times the steps, as a schedule: Keras 3 has no `decay`. */
function decayingRate(initial_learning_rate: number, decay_rate: number): JsonValue {
  const config = {
    initial_learning_rate,
    decay_steps: 1,
    decay_rate,
    staircase: false,
    name: "InverseTimeDecay",
  };
  return {
    module: "keras.optimizers.schedules",
    class_name: "InverseTimeDecay",
    config,
    registered_name: null,
  };
}

/** A schedule of Keras 2 may have no name and no module; Keras 3 takes its own name then, but not `None`. */
function todaysSchedule(value: JsonValue): JsonValue {
  if (!isObject(value) || !isObject(value["config"])) return value;
  const config = Object.entries(value["config"]).filter(([key, item]) => key !== "name" || item !== null);
  return {
    ...value,
    module: value["module"] ?? "keras.optimizers.schedules",
    config: Object.fromEntries(config),
    registered_name: value["registered_name"] ?? null,
  };
}

/** The state of the optimizer in the order of Keras 3; null where there is none to save. */
export async function optimizerTensors(
  model: tf.LayersModel,
  layers: ReadonlyMap<string, tf.layers.Layer>,
  graph: ModelGraph,
): Promise<Hdf5Array[] | null> {
  const optimizer = kerasOptimizer(model);
  const today = optimizer && readOptimizer(optimizerConfig(model)!, 3);
  if (!optimizer || !today) return null;
  const trainable = trainableWeights(graph, layers).map(({ weight, path }) => ({
    variable: weight.read() as tf.Variable,
    path,
  }));
  const arranged = new KerasOptimizer(today);
  for (const { variable, path } of trainable) arranged.name(variable, path);
  const places = storedOrder(
    arranged,
    trainable.map(({ variable }) => variable),
  );
  const arrays: Hdf5Array[] = [];
  for (const place of places) arrays.push(await placeArray(optimizer, place));
  return arrays;
}

async function placeArray(optimizer: KerasOptimizer, place: Place): Promise<Hdf5Array> {
  if (place.kind === "slot") {
    const slot = optimizer.slotsOf(place.variable)[place.slot];
    const size = place.shape.reduce((a, b) => a * b, 1);
    // What Keras 2 does not keep of a vector, Keras 3 keeps as a zero.
    return slot ? arrayOf(slot) : { shape: [...place.shape], values: new Float32Array(size) };
  }
  const { batches, learningRate, lossScale, scalars } = optimizer;
  const integer = (value: number) => ({ shape: [], values: BigInt64Array.of(BigInt(value)) });
  const float = (value: number) => ({ shape: [], values: Float32Array.of(value) });
  switch (place.name) {
    case "iteration":
      return integer(batches);
    case "loss_scale_iteration":
      return integer(0);
    case "step_counter":
      return integer(lossScale?.steps ?? 0);
    case "dynamic_scale":
      return float(lossScale?.scale ?? 1);
    case "learning_rate":
      return float(learningRate);
    default:
      return float(scalars[place.name] ?? 0);
  }
}

function kerasOptimizer({ optimizer }: tf.LayersModel): KerasOptimizer | null {
  if (!(optimizer instanceof KerasOptimizer)) return null;
  const { className, config, schedule, settings } = optimizer.spec;
  if (!IN_KERAS_3.has(className)) return null;
  const rate = readSerialized(config["learning_rate"] ?? undefined);
  if (schedule && (!rate || rate.savedName.includes(">") || !SCHEDULES.test(rate.name))) return null;
  // Decay of some variables alone, by a schedule, or beside one of the rate is Addons' own.
  const partly = Array.isArray(config["exclude_from_weight_decay"]) && settings.weightDecay !== 0;
  const scheduled = settings.decaySchedule !== null || (schedule !== null && settings.weightDecay !== 0);
  return partly || (!settings.decayByRate && scheduled) ? null : optimizer;
}
