import * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../formats/model-file.js";
import { brief, isObject } from "../keras/json.js";
import { camelCase } from "../names/camel-case.js";
import { nearestNames } from "../names/nearest-names.js";
import { snakeCase } from "../names/snake-case.js";
import { underscored } from "../names/underscored.js";
import type { Config } from "./config-values.js";
import {
  type LossFactories,
  type LossFunction,
  type MetricFactories,
  type MetricFunction,
  type OptimizerFactories,
  type SavedSchedule,
  type ScheduleFactories,
  TRAINING_CLASSES,
  TRAINING_DEFAULTS,
  TRAINING_REQUIRED,
} from "./factory-types.js";
import { readLoss } from "./losses/loss.js";
import { reduceWeighted } from "./losses/reduction.js";
import { readMetric } from "./metrics/table.js";
import { KerasOptimizer } from "./optimizers/keras-optimizer.js";
import { readOptimizer } from "./optimizers/table.js";
import { rememberSavedForm } from "./saved-forms.js";
import { readSchedule } from "./schedules.js";

type Kind = keyof typeof TRAINING_CLASSES;

/**
 * Keras's optimizers as functions, `optimizers.adamW({ learningRate: 1e-4, weightDecay: 0.01 })`, for `model.compile`;
 * they are saved with the model. Arguments have Keras's names in camel case, and Keras's defaults.
 * @throws TypeError for an argument that the optimizer does not have, and for a value of another kind
 */
export const optimizers = factories<OptimizerFactories, KerasOptimizer>(
  "optimizers",
  (class_name, config) => new KerasOptimizer(readOptimizer({ class_name, config }, 3)!),
);

/**
 * Keras's learning-rate schedules, `schedules.cosineDecay({ initialLearningRate: 1e-3, decaySteps: 1000 })`, for the
 * `learningRate` of `optimizers`.
 * @throws TypeError as `optimizers`
 */
export const schedules = factories<ScheduleFactories, SavedSchedule>("schedules", (class_name, config) => ({
  class_name,
  config,
}));

/**
 * Keras's losses, `losses.sparseCategoricalCrossentropy({ fromLogits: true })`, for `model.compile`; called on targets
 * [batch, …] and predictions [batch, …] they give one number, or one for each sample with `reduction: "none"`.
 * @throws TypeError as `optimizers`
 */
export const losses = factories<LossFactories, LossFunction>("losses", (class_name, config) => {
  const saved = { module: "keras.losses", class_name, config, registered_name: null };
  const { values, reduction } = readLoss(saved, new Map())!;
  const loss: LossFunction = (yTrue, yPred) =>
    tf.tidy(() => {
      const each = values(yTrue, yPred);
      return reduction === "none" ? each : reduceWeighted(each, null, reduction);
    });
  return remembered(loss, class_name, saved);
});

/**
 * Keras's metrics, `metrics.auc({ multiLabel: true })`, for `model.compile`; called on targets and predictions they
 * give that of one batch.
 * @throws TypeError as `optimizers`
 */
export const metrics = factories<MetricFactories, MetricFunction>("metrics", (class_name, config) => {
  const saved = { module: "keras.metrics", class_name, config, registered_name: null };
  const metric = readMetric(saved, new Map())!;
  const ofBatch: MetricFunction = (yTrue, yPred) =>
    tf.tidy(() => metric.result(metric.increments(yTrue, yPred, null)));
  return remembered(ofBatch, class_name, saved);
});

function remembered<F extends object>(made: F, className: string, saved: JsonValue): F {
  rememberSavedForm(made, saved);
  return Object.defineProperty(made, "name", { value: snakeCase(className) });
}

function factories<T, Made>(kind: Kind, make: (className: string, config: Config) => Made): T {
  const entries = Object.entries<string>(TRAINING_CLASSES[kind]).map(([name, className]) => [
    name,
    (given: unknown = {}) => make(className, configOf(kind, name, className, given)),
  ]);
  return Object.fromEntries(entries) as T;
}

function configOf(kind: Kind, name: string, className: string, given: unknown): Config {
  const factory = `${kind}.${name}`;
  const defaults = TRAINING_DEFAULTS[kind][className]!;
  const required = TRAINING_REQUIRED[className] ?? [];
  const known = [...required, ...Object.keys(defaults)];
  if (!isObject(given as JsonValue))
    throw new TypeError(`${factory}() takes one object: ${factory}({ ${camelCase(known[0] ?? "")}: … }).`);
  const config: Record<string, JsonValue> = { ...defaults };
  for (const [argument, value] of Object.entries(given as Config)) {
    if (value === undefined) continue;
    const key = underscored(argument, known);
    if (!known.includes(key)) throw unknownArgument(factory, argument, known.map(camelCase));
    const wanted = ALSO[`${className} ${key}`]?.(value) ? null : wantedInstead(key, value, defaults[key]);
    if (wanted) throw new TypeError(`${factory}: ${argument} = ${said(value)} is no ${wanted}.`);
    config[key] = value;
  }
  const missing = required.filter((key) => !Object.hasOwn(config, key)).map(camelCase);
  if (missing.length > 0) throw new TypeError(`${factory} needs ${missing.join(" and ")}.`);
  return config;
}

/** What Keras takes besides values of the default's kind. */
const ALSO: Readonly<Record<string, (value: unknown) => boolean>> = {
  "CategoricalFocalCrossentropy alpha": Array.isArray,
  "Muon rms_rate": (value) => value === null,
};

function unknownArgument(factory: string, argument: string, known: readonly string[]): TypeError {
  const near = nearestNames(argument, known).join(", ");
  const hint = near ? `Near it: ${near}.` : `It has: ${known.join(", ")}.`;
  return new TypeError(`${factory} has no argument ${argument}. ${hint}`);
}

/** What a value should be: of the kind of Keras's default, any data where there is none; null where it is that. */
function wantedInstead(key: string, value: unknown, usual: JsonValue | undefined): string | null {
  if (key === "learning_rate")
    return Number.isFinite(value) || isSchedule(value) ? null : "number and none of schedules";
  if (typeof value === "number" && !Number.isFinite(value)) return "finite number";
  if (typeof usual === "object" || usual === undefined) return typeof value === "function" ? "data" : null;
  return typeof value === typeof usual ? null : typeof usual;
}

function isSchedule(value: unknown): boolean {
  return isObject(value as JsonValue) && readSchedule(value as JsonValue) !== null;
}

function said(value: unknown): string {
  return typeof value === "function" ? "a function" : brief(value as JsonValue);
}
