import * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../../formats/model-file.js";
import { isObject, stringAt } from "../../keras/json.js";
import { readSerialized } from "../../training/config-values.js";
import { settingFunction } from "../custom/setting-functions.js";

type Config = Readonly<Record<string, JsonValue>>;

/** How a weight starts, what is added to the loss for it, what bounds it: what training needs of the saved config. */
export interface WeightSettings {
  readonly initializer: tf.serialization.Serializable | null;
  readonly regularizer: tf.serialization.Serializable | null;
  readonly constraint: tf.serialization.Serializable | null;
}

/** `recurrent_initializer` belongs to `recurrent_kernel`, `depthwise_initializer` to `depthwise_kernel`. */
const SHORT = /^(recurrent|depthwise|pointwise)_kernel$/;

/**
 * The settings of a weight by its name, `kernel` or `query/kernel`, from a layer's saved config. Anything that is not
 * known here, a class of the user's own above all, reads as null: a model predicts without it.
 */
export function weightSettings(config: Config, weight: string): WeightSettings {
  const last = weight.slice(weight.lastIndexOf("/") + 1);
  const stem = SHORT.exec(last)?.[1] ?? last;
  const made = (kind: SettingKind) => {
    const value = config[`${stem}_${kind}`];
    return (kind === "initializer" ? null : ofUser(kind, value)) ?? make(MAKERS[kind], value);
  };
  return {
    initializer: made("initializer"),
    regularizer: made("regularizer"),
    constraint: made("constraint"),
  };
}

/** A function that the user registered, as an object that the layers of TensorFlow.js take. */
function ofUser(
  kind: "regularizer" | "constraint",
  value: JsonValue | undefined,
): tf.serialization.Serializable | null {
  const saved = readSerialized(value);
  const run = saved && settingFunction(kind, saved.savedName, saved.name);
  if (!run) return null;
  const apply = (x: tf.Tensor) =>
    tf.tidy(() => (kind === "regularizer" ? tf.sum(run(x, saved.config)) : run(x, saved.config)));
  return Object.assign(Object.create(BASES[kind]()) as tf.serialization.Serializable, { apply });
}

/** What TensorFlow.js knows its own by. */
const BASES = {
  regularizer: () => Object.getPrototypeOf(tf.regularizers.l2()) as object,
  constraint: () => Object.getPrototypeOf(tf.constraints.nonNeg()) as object,
};

export type SettingKind = keyof WeightSettings;

/** Whether a setting can be made of what a user gave: a name, a name with a config, or an object of TensorFlow.js. */
export function isSetting(kind: SettingKind, value: unknown): boolean {
  return make(MAKERS[kind], value as JsonValue) !== null;
}

/** The names of what is known, as they are written without underscores. */
export function settingNames(kind: SettingKind): string[] {
  return [...MAKERS[kind].keys()];
}

interface Named {
  readonly name: string;
  readonly config: Config;
}

function read(value: JsonValue | undefined): Named | null {
  if (typeof value === "string") return { name: plainName(value), config: {} };
  if (!isObject(value)) return null;
  const name = stringAt(value, "class_name");
  const config = value["config"];
  return name === null ? null : { name: plainName(name), config: isObject(config) ? config : {} };
}

/** `GlorotUniform`, `glorot_uniform`, `Custom>GlorotUniformV2` alike. */
function plainName(name: string): string {
  return name
    .slice(name.lastIndexOf(">") + 1)
    .replace(/V[12]$|Initializer$|_/g, "")
    .toLowerCase();
}

type Maker = (config: Config) => tf.serialization.Serializable;

function make(
  makers: ReadonlyMap<string, Maker>,
  value: JsonValue | undefined,
): tf.serialization.Serializable | null {
  if ((value as unknown) instanceof tf.serialization.Serializable)
    return value as unknown as tf.serialization.Serializable;
  const named = read(value);
  const maker = named && makers.get(named.name);
  if (!maker) return null;
  try {
    return maker(named.config);
  } catch {
    // Lenient: a value that tfjs refuses is no reason to refuse the model.
    return null;
  }
}

function number(config: Config, key: string, otherwise: number): number {
  const value = config[key];
  return typeof value === "number" ? value : otherwise;
}

function seeded(config: Config): { seed?: number } {
  return typeof config["seed"] === "number" ? { seed: config["seed"] } : {};
}

const INITIALIZERS: ReadonlyMap<string, Maker> = new Map<string, Maker>([
  ["zeros", () => tf.initializers.zeros()],
  ["zero", () => tf.initializers.zeros()],
  ["ones", () => tf.initializers.ones()],
  ["one", () => tf.initializers.ones()],
  ["constant", (c) => tf.initializers.constant({ value: number(c, "value", 0) })],
  [
    "randomuniform",
    (c) =>
      tf.initializers.randomUniform({
        minval: number(c, "minval", -0.05),
        maxval: number(c, "maxval", 0.05),
        ...seeded(c),
      }),
  ],
  ["uniform", () => tf.initializers.randomUniform({ minval: -0.05, maxval: 0.05 })],
  ["randomnormal", (c) => tf.initializers.randomNormal(normal(c))],
  ["normal", (c) => tf.initializers.randomNormal(normal(c))],
  ["truncatednormal", (c) => tf.initializers.truncatedNormal(normal(c))],
  ["identity", (c) => tf.initializers.identity({ gain: number(c, "gain", 1) })],
  ["orthogonal", (c) => tf.initializers.orthogonal({ gain: number(c, "gain", 1), ...seeded(c) })],
  ["glorotuniform", (c) => tf.initializers.glorotUniform(seeded(c))],
  ["glorotnormal", (c) => tf.initializers.glorotNormal(seeded(c))],
  ["heuniform", (c) => tf.initializers.heUniform(seeded(c))],
  ["henormal", (c) => tf.initializers.heNormal(seeded(c))],
  ["lecununiform", (c) => tf.initializers.leCunUniform(seeded(c))],
  ["lecunnormal", (c) => tf.initializers.leCunNormal(seeded(c))],
  [
    "variancescaling",
    (c) =>
      tf.initializers.varianceScaling({
        scale: number(c, "scale", 1),
        mode: ((c["mode"] as string) ?? "fan_in").replace(/_(\w)/, (_, letter: string) =>
          letter.toUpperCase(),
        ) as "fanIn" | "fanOut" | "fanAvg",
        distribution: c["distribution"] === "uniform" ? "uniform" : "truncatedNormal",
        ...seeded(c),
      }),
  ],
]);

function normal(c: Config): { mean: number; stddev: number; seed?: number } {
  return { mean: number(c, "mean", 0), stddev: number(c, "stddev", 0.05), ...seeded(c) };
}

const REGULARIZERS: ReadonlyMap<string, Maker> = new Map<string, Maker>([
  ["l1", (c) => tf.regularizers.l1({ l1: number(c, "l1", 0.01) })],
  ["l2", (c) => tf.regularizers.l2({ l2: number(c, "l2", 0.01) })],
  ["l1l2", (c) => tf.regularizers.l1l2({ l1: number(c, "l1", 0), l2: number(c, "l2", 0) })],
]);

const CONSTRAINTS: ReadonlyMap<string, Maker> = new Map<string, Maker>([
  [
    "maxnorm",
    (c) =>
      tf.constraints.maxNorm({
        maxValue: number(c, "max_value", number(c, "m", 2)),
        axis: number(c, "axis", 0),
      }),
  ],
  [
    "minmaxnorm",
    (c) =>
      tf.constraints.minMaxNorm({
        minValue: number(c, "min_value", 0),
        maxValue: number(c, "max_value", 1),
        rate: number(c, "rate", 1),
        axis: number(c, "axis", 0),
      }),
  ],
  ["nonneg", () => tf.constraints.nonNeg()],
  ["unitnorm", (c) => tf.constraints.unitNorm({ axis: number(c, "axis", 0) })],
]);

const MAKERS: Readonly<Record<SettingKind, ReadonlyMap<string, Maker>>> = {
  initializer: INITIALIZERS,
  regularizer: REGULARIZERS,
  constraint: CONSTRAINTS,
};
