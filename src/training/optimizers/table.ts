import type { JsonValue } from "../../formats/model-file.js";
import {
  type Config,
  flag,
  number,
  numberOrNull,
  readSerialized,
  type Serialized,
} from "../config-values.js";
import { TRAINING_DEFAULTS } from "../factory-types.js";
import { readSchedule, type Schedule } from "../schedules.js";
import { adam, adamax, lamb, nadam, nadamByVariable, scheduleFree } from "./adam.js";
import { adadelta, adafactor, adagrad, ftrl, rmsprop } from "./adaptive.js";
import { novoGrad, rectifiedAdam, yogi } from "./addons.js";
import { cocob, conditionalGradient, proximalAdagrad } from "./addons-gradient.js";
import { type Excludes, excludes } from "./excluded.js";
import { lion, sgd } from "./gradient-descent.js";
import { muon } from "./muon.js";
import type { Rule } from "./rule.js";
import { lookahead, movingAverage, stochasticAverage } from "./wrappers.js";

/**
 * Which generation of optimizers wrote the state: Keras before 2.11 and `optimizers.legacy` of Keras 2, Keras 2
 * since 2.11, Keras 3.
 */
export type Generation = "legacy" | "keras2" | "keras3";

export interface OptimizerSpec {
  /** Keras's class: `Adam`, `Lookahead`. */
  readonly className: string;
  readonly config: Config;
  readonly generation: Generation;
  readonly rule: Rule;
  readonly schedule: Schedule | null;
  /** Numbers of the settings that all optimizers share. */
  readonly settings: Settings;
  /** Of a LossScaleOptimizer around this one. */
  readonly lossScale: { readonly initial: number; readonly growthSteps: number } | null;
}

export interface Settings {
  readonly learningRate: number;
  /** Time decay of the learning rate, before Keras 2.11. */
  readonly decay: number;
  /** Part of each variable that goes at each step, times the learning rate where `decayByRate`. */
  readonly weightDecay: number;
  readonly decayByRate: boolean;
  /** That part at each step, where it changes (Addons). */
  readonly decaySchedule: Schedule | null;
  /** Variables that it is not taken of (Addons). */
  readonly undecayed: Excludes;
  readonly clipnorm: number | null;
  readonly globalClipnorm: number | null;
  readonly clipvalue: number | null;
  /** Decay of the average of each variable; null for none. */
  readonly emaMomentum: number | null;
  readonly emaFrequency: number | null;
  /** Batches whose gradients are added up before a step. */
  readonly accumulationSteps: number;
}

/**
 * An optimizer from its saved form.
 * @param major of the Keras that wrote it
 * @returns null when its class is unknown
 */
export function readOptimizer(value: JsonValue | undefined, major: 1 | 2 | 3): OptimizerSpec | null {
  const read = readSerialized(value);
  if (!read) return null;
  // `compile("sgd")` can reach a config as the bare name.
  const name = className(read);
  const saved = {
    ...read,
    name,
    config: read.isClass ? read.config : (TRAINING_DEFAULTS.optimizers[name] ?? {}),
  };
  if (/^LossScaleOptimizer/.test(saved.name)) return withLossScale(saved, major);
  const generation = generationOf(saved, major);
  const schedule = readSchedule(innermost(saved).config["learning_rate"]);
  const rule = ruleOf(saved, generation, schedule !== null);
  if (!rule || !excludes(innermost(saved).config["exclude_from_weight_decay"])) return null;
  return {
    className: saved.name,
    config: saved.config,
    generation,
    rule,
    schedule,
    settings: settingsOf(saved, generation),
    lossScale: null,
  };
}

/** A rate that changes with the step, by a class that is unknown: its name. */
export function unknownSchedule(value: JsonValue | undefined): string | null {
  const saved = readSerialized(value);
  const rate = saved && innermost(saved).config["learning_rate"];
  const schedule = readSerialized(rate ?? undefined);
  return schedule?.isClass && !readSchedule(rate ?? undefined) ? schedule.name : null;
}

/** A learning rate that is neither a number nor what gives one: as saved, shortened. */
export function unreadableRate(value: JsonValue | undefined): string | null {
  const saved = readSerialized(value);
  if (!saved) return null;
  const inner = innermost(saved);
  const key = Object.hasOwn(inner.config, "learning_rate") ? "learning_rate" : "lr";
  const rate = inner.config[key] ?? null;
  if (rate === null || readSchedule(rate) || Number.isFinite(rateOf(inner, Number.NaN))) return null;
  return JSON.stringify(rate).slice(0, 60);
}

function withLossScale({ config }: Serialized, major: 1 | 2 | 3): OptimizerSpec | null {
  const inner = readOptimizer(config["inner_optimizer"] ?? config["optimizer"], major);
  return (
    inner && {
      ...inner,
      lossScale: {
        initial: number(config, "initial_scale", 2 ** 15),
        growthSteps: number(config, "dynamic_growth_steps", 2000),
      },
    }
  );
}

function generationOf({ config, isClass }: Serialized, major: 1 | 2 | 3): Generation {
  if (major === 3) return "keras3";
  // A bare name, as `compile("adam")` was given it, stands in `.keras` archives alone, which 2.12 was the first to write.
  if (!isClass) return "keras2";
  const isNew =
    "is_legacy_optimizer" in config ? !flag(config, "is_legacy_optimizer") : "jit_compile" in config;
  return isNew ? "keras2" : "legacy";
}

/** The optimizer inside Addons' wrappers, whose rate counts. */
function innermost(saved: Serialized): Serialized {
  const inner = readSerialized(saved.config["optimizer"]);
  return inner ? innermost(inner) : saved;
}

/** Null for arguments that are not known here. */
type Make = (config: Config, generation: Generation, scheduled: boolean) => Rule | null;

const RULES: ReadonlyMap<string, Make> = new Map<string, Make>([
  ["SGD", (config, generation) => sgd(config, generation === "keras2")],
  ["SGDW", (config) => sgd(config)],
  ["Adam", adam],
  ["AdamW", adam],
  ["LazyAdam", adam],
  ["Adamax", adamax],
  ["Nadam", nadamOf],
  ["RMSprop", (config, generation) => rmsprop(config, generation === "legacy")],
  ["RMSProp", (config, generation) => rmsprop(config, generation === "legacy")],
  ["Adagrad", (config, generation) => adagrad(config, generation === "legacy")],
  ["Adadelta", adadelta],
  ["Ftrl", ftrl],
  ["Lion", lion],
  ["Adafactor", adafactor],
  ["Lamb", (config) => lamb(config)],
  ["LAMB", addonsLamb],
  ["Muon", muon],
  ["ScheduleFreeAdamW", scheduleFree],
  ["RectifiedAdam", (config) => rectifiedAdam(config, false)],
  ["AdaBelief", (config) => rectifiedAdam(config, true)],
  ["NovoGrad", novoGrad],
  ["Yogi", yogi],
  ["ConditionalGradient", conditionalGradient],
  ["COCOB", cocob],
  ["ProximalAdagrad", proximalAdagrad],
]);

const WRAPPERS: ReadonlyMap<string, (inner: Rule, config: Config) => Rule> = new Map([
  ["Lookahead", lookahead],
  ["SWA", stochasticAverage],
  ["MovingAverage", movingAverage],
]);

/** Classes that are known, for suggestions. */
export const OPTIMIZER_NAMES: readonly string[] = [...RULES.keys(), ...WRAPPERS.keys(), "LossScaleOptimizer"];

function ruleOf(saved: Serialized, generation: Generation, scheduled: boolean): Rule | null {
  const wrapper = WRAPPERS.get(saved.name);
  if (!wrapper) return RULES.get(className(saved))?.(saved.config, generation, scheduled) ?? null;
  const inner = readSerialized(saved.config["optimizer"]);
  const rule = inner && ruleOf(inner, generation, scheduled);
  return rule && wrapper(rule, saved.config);
}

/** The class that a bare name stands for. */
function className({ name, isClass }: Serialized): string {
  const known = isClass
    ? undefined
    : [...RULES.keys()].find((each) => each.toLowerCase() === name.toLowerCase());
  return known ?? name;
}

function addonsLamb(config: Config): Rule | null {
  const decay = number(config, "weight_decay", number(config, "weight_decay_rate", 0));
  const undecayed = excludes(config["exclude_from_weight_decay"]);
  const unadapted = excludes(config["exclude_from_layer_adaptation"] ?? config["exclude_from_weight_decay"]);
  return undecayed && unadapted && lamb(config, decay, undecayed, unadapted);
}

function nadamOf(config: Config, generation: Generation): Rule {
  if (generation === "keras2") return nadamByVariable(config);
  if (generation === "keras3") return nadam(config);
  return nadam(config, number(config, "decay", number(config, "schedule_decay", 0.004)));
}

const DEFAULT_RATES = new Map([
  ["SGD", 0.01],
  ["Yogi", 0.01],
  ["Lion", 0.001],
]);

function settingsOf(saved: Serialized, generation: Generation): Settings {
  const inner = innermost(saved);
  const { config } = inner;
  const addons = generation === "legacy";
  const decoupled = ["AdamW", "SGDW", "Muon"].includes(inner.name) || !addons;
  // A wrapper's own: it hands gradients on to what the inner one does after clipping.
  const clip = (key: string) => numberOrNull(saved.config, key);
  return {
    learningRate: rateOf(inner),
    decay: addons && inner.name !== "Nadam" ? number(config, "decay", 0) : 0,
    weightDecay: decoupled ? number(config, "weight_decay", 0) : 0,
    decayByRate: !addons,
    decaySchedule: decoupled ? readSchedule(config["weight_decay"]) : null,
    undecayed: excludes(config["exclude_from_weight_decay"]) ?? (() => false),
    clipnorm: clip("clipnorm"),
    globalClipnorm: clip("global_clipnorm"),
    clipvalue: clip("clipvalue"),
    emaMomentum: flag(config, "use_ema") ? number(config, "ema_momentum", 0.99) : null,
    emaFrequency: numberOrNull(config, "ema_overwrite_frequency"),
    accumulationSteps: number(config, "gradient_accumulation_steps", 1),
  };
}

function rateOf({ name, config }: Serialized, otherwise: number = DEFAULT_RATES.get(name) ?? 0.001): number {
  const saved = config["learning_rate"];
  const older = number(config, "lr", otherwise);
  // Some files of Keras 2 hold the rate as a serialized variable.
  const inside =
    typeof saved === "object" && saved !== null && !Array.isArray(saved) ? saved["config"] : null;
  if (typeof inside === "object" && inside !== null && !Array.isArray(inside)) {
    return number(inside, "value", older);
  }
  return number(config, "learning_rate", older);
}
