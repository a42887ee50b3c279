import type * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../../formats/model-file.js";
import { type Config, numberOrNull, readSerialized, type Serialized } from "../config-values.js";
import { CLASSIFICATION } from "./classification.js";
import { type Reduction, reductionOf } from "./reduction.js";
import { snakeCase } from "../../names/snake-case.js";
import { REGRESSION } from "./regression.js";
import { SEQUENCE } from "./sequence.js";

/** The values of a loss for each sample, before they become one number. */
export type LossValues = (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor;

export interface Loss {
  /** As Keras names it in the history. */
  readonly name: string;
  readonly values: LossValues;
  readonly reduction: Reduction;
  /** Label whose samples do not count. */
  readonly ignoredClass: number | null;
}

/** Functions that the user registered, by the name that files have for them. */
export type CustomFunctions = ReadonlyMap<string, CustomLoss>;

/** @param config the arguments that the file has for a class; empty for a function */
export type CustomLoss = (yTrue: tf.Tensor, yPred: tf.Tensor, config: Config) => tf.Tensor;

/** What the user registered under a saved name, with the saved arguments. */
export function customValues(
  { name, savedName, config }: Serialized,
  custom: CustomFunctions,
): LossValues | null {
  const own = custom.get(savedName) ?? custom.get(name);
  return own ? (yTrue, yPred) => own(yTrue, yPred, config) : null;
}

/**
 * A loss from its saved form: a name, a function, or a class with its config.
 * @returns null when nothing is known by that name
 */
export function readLoss(value: JsonValue | undefined, custom: CustomFunctions): Loss | null {
  const saved = readSerialized(wrapped(value));
  if (!saved) return null;
  const values = valuesOf(saved, custom);
  if (!values) return null;
  const { name, config } = saved;
  const [reduction, ignoredClass] = [reductionOf(config["reduction"]), numberOrNull(config, "ignore_class")];
  return { name, values, reduction, ignoredClass };
}

/** The values of a loss by name, for metrics of the same name; null when nothing is known by it. */
export function valuesOf(saved: Serialized, custom: CustomFunctions): LossValues | null {
  return customValues(saved, custom) ?? TABLE.get(key(saved.name))?.(saved.config) ?? null;
}

/** A function in a `LossFunctionWrapper` counts as the function. */
function wrapped(value: JsonValue | undefined): JsonValue | undefined {
  const saved = readSerialized(value);
  return saved?.name === "LossFunctionWrapper" ? (saved.config["fn"] ?? null) : value;
}

/** `MeanSquaredError`, `mean_squared_error` and `mse` are one. */
export function key(name: string): string {
  return name.toLowerCase().replaceAll("_", "");
}

const TABLE: ReadonlyMap<string, (config: Config) => LossValues> = new Map(
  [...REGRESSION, ...CLASSIFICATION, ...SEQUENCE].flatMap(([names, make]) =>
    names.map((name) => [key(name), make] as const),
  ),
);

const CANONICAL = new Map(
  [...REGRESSION, ...CLASSIFICATION, ...SEQUENCE].flatMap(([names]) =>
    names.map((name) => [key(name), snakeCase(names[0]!)] as const),
  ),
);

/** The name that Keras has for a loss in files, for any spelling of it: `mean_squared_error` for `mse`. */
export function canonicalLoss(name: string): string | null {
  return CANONICAL.get(key(name)) ?? null;
}

/** Names of all losses, for suggestions. */
export const LOSS_NAMES: readonly string[] = [...REGRESSION, ...CLASSIFICATION, ...SEQUENCE].map(
  ([[name]]) => name!,
);
