import type { JsonValue } from "../../formats/model-file.js";
import { readSerialized, type Serialized } from "../config-values.js";
import { customValues, type CustomFunctions, key, type LossValues, valuesOf } from "../losses/loss.js";
import { snakeCase } from "../../names/snake-case.js";
import * as tf from "@tensorflow/tfjs";
import { CLASS_METRICS } from "./class-metrics.js";
import { CONFUSION_METRICS } from "./confusion-metrics.js";
import { accuracyValues, MEAN_METRICS, meanMetric } from "./mean-metrics.js";
import type { Metric } from "./metric.js";

/**
 * A metric from its saved form: a name, a function, or a class with its config.
 * @returns null when nothing is known by that name
 */
export function readMetric(value: JsonValue | undefined, custom: CustomFunctions): Metric | null {
  const saved = readSerialized(value);
  if (!saved) return null;
  if (saved.name === "MeanMetricWrapper" || saved.name === "SumOverBatchSizeMetricWrapper") {
    return wrappedMetric(saved, custom);
  }
  const name = typeof saved.config["name"] === "string" ? saved.config["name"] : nameOf(saved);
  const summed = SUMMED.get(key(saved.name));
  return summed?.(name, saved.config) ?? meanOf(saved, name, custom);
}

/** Keras 2 writes `accuracy` and functions as a wrapper with the function's name in it. */
function wrappedMetric({ config }: Serialized, custom: CustomFunctions): Metric | null {
  const fn = readSerialized(config["fn"]) ?? readSerialized(config["name"]);
  if (!fn) return null;
  const name = typeof config["name"] === "string" ? config["name"] : nameOf(fn);
  return SUMMED.get(key(fn.name))?.(name, config) ?? meanOf({ ...fn, config }, name, custom);
}

function meanOf(saved: Serialized, name: string, custom: CustomFunctions): Metric | null {
  const own = customValues(saved, custom);
  if (own) return meanMetric(name, own);
  if (["accuracy", "acc"].includes(saved.name.toLowerCase()) && !saved.isClass) {
    return meanMetric(name, accuracyValues);
  }
  const values = meanValuesOf(saved) ?? valuesOf(saved, custom);
  return values && meanMetric(name, values);
}

/** The values of a metric that is the mean of its own, by name; null when nothing is known by it. */
export function meanValuesOf({ name, config }: Pick<Serialized, "name" | "config">): LossValues | null {
  return MEANS.get(key(name))?.(config) ?? null;
}

/** Functions and short names stand in the history as they were given, classes in snake case. */
function nameOf({ name, isClass }: Serialized): string {
  return isClass ? snakeCase(name) : name;
}

const MEANS = new Map(
  MEAN_METRICS.flatMap(([names, make]) => names.map((name) => [key(name), make] as const)),
);

const SUMMED = new Map<string, (name: string, config: Serialized["config"]) => Metric>([
  ...[...CONFUSION_METRICS, ...CLASS_METRICS].map(([name, make]) => [key(name), make] as const),
  [
    "rootmeansquarederror",
    (name) => ({ ...meanMetric(name, squared, (mean) => tf.sqrt(mean)), ofFunction: false }),
  ],
]);

function squared(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
  return tf.squaredDifference(yTrue, yPred);
}

/** Names of all metrics that are no losses, for suggestions. */
export const METRIC_NAMES: readonly string[] = [
  ...MEAN_METRICS.map(([[name]]) => name!),
  ...[...CONFUSION_METRICS, ...CLASS_METRICS].map(([name]) => name),
];
