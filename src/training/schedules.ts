import type { JsonValue } from "../formats/model-file.js";
import { type Config, flag, number, numberOrNull, numbers, readSerialized } from "./config-values.js";

/** The learning rate at a step, counted from 0. */
export type Schedule = (step: number) => number;

/**
 * A learning-rate schedule from its saved form, as Keras computes it (keras/optimizers/schedules and TensorFlow
 * Addons' cyclical_learning_rate.py); null when its class is unknown.
 */
export function readSchedule(value: JsonValue | undefined): Schedule | null {
  const saved = readSerialized(value);
  if (!saved?.isClass) return null;
  const { name, savedName, config } = saved;
  const own = OWN.get(savedName) ?? OWN.get(name);
  if (own) return (step) => own(step, config);
  return SCHEDULES.get(name)?.(config) ?? null;
}

/** A learning rate by the step, from 0 on, and the arguments that the file has for the schedule. */
export type CustomSchedule = (step: number, config: Config) => number;

const OWN = new Map<string, CustomSchedule>();

/** Makes a schedule of the user's known by the name that files have for it; null forgets it. */
export function registerSchedule(name: string, run: CustomSchedule | null): void {
  if (run) OWN.set(name, run);
  else OWN.delete(name);
}

const SCHEDULES = new Map<string, (config: Config) => Schedule>([
  ["ExponentialDecay", exponential],
  ["InverseTimeDecay", inverseTime],
  ["PiecewiseConstantDecay", piecewise],
  ["PolynomialDecay", polynomial],
  ["CosineDecay", cosine],
  ["CosineDecayRestarts", cosineRestarts],
  ["LinearCosineDecay", linearCosine],
  ["CyclicalLearningRate", (config) => cyclical(config, () => 1)],
  ["TriangularCyclicalLearningRate", (config) => cyclical(config, () => 1)],
  ["Triangular2CyclicalLearningRate", (config) => cyclical(config, (cycle) => 2 ** -(cycle - 1))],
  ["ExponentialCyclicalLearningRate", exponentialCyclical],
]);

function periods(config: Config, step: number): number {
  const p = step / number(config, "decay_steps", 1);
  return flag(config, "staircase") ? Math.floor(p) : p;
}

function exponential(config: Config): Schedule {
  const rate = number(config, "decay_rate", 1);
  return (step) => initial(config) * rate ** periods(config, step);
}

function inverseTime(config: Config): Schedule {
  const rate = number(config, "decay_rate", 0);
  return (step) => initial(config) / (1 + rate * periods(config, step));
}

function piecewise(config: Config): Schedule {
  const boundaries = numbers(config, "boundaries") ?? [];
  const values = numbers(config, "values") ?? [];
  return (step) => {
    const at = boundaries.findIndex((boundary) => step <= boundary);
    return values[at < 0 ? boundaries.length : at] ?? 0;
  };
}

function polynomial(config: Config): Schedule {
  const end = number(config, "end_learning_rate", 0.0001);
  const power = number(config, "power", 1);
  const steps = number(config, "decay_steps", 1);
  return (step) => {
    const turns = flag(config, "cycle") ? Math.max(1, Math.ceil(step / steps)) : 1;
    const p = Math.min(step, steps * turns) / (steps * turns);
    return (initial(config) - end) * (1 - p) ** power + end;
  };
}

function cosine(config: Config): Schedule {
  const alpha = number(config, "alpha", 0);
  const steps = number(config, "decay_steps", 1);
  const target = numberOrNull(config, "warmup_target");
  const warmup = target === null ? 0 : number(config, "warmup_steps", 0);
  return (step) => {
    if (target !== null && step < warmup)
      return initial(config) + (target - initial(config)) * (step / warmup);
    const fraction = Math.min(step - warmup, steps) / steps;
    const decayed = (1 - alpha) * 0.5 * (1 + Math.cos(Math.PI * fraction)) + alpha;
    return (target ?? initial(config)) * decayed;
  };
}

function cosineRestarts(config: Config): Schedule {
  const first = number(config, "first_decay_steps", 1);
  const tMul = number(config, "t_mul", 2);
  const mMul = number(config, "m_mul", 1);
  const alpha = number(config, "alpha", 0);
  return (step) => {
    const done = step / first;
    const restart =
      tMul === 1 ? Math.floor(done) : Math.floor(Math.log(1 - done * (1 - tMul)) / Math.log(tMul));
    const before = tMul === 1 ? restart : (1 - tMul ** restart) / (1 - tMul);
    const fraction = (done - before) / (tMul === 1 ? 1 : tMul ** restart);
    const decayed = 0.5 * mMul ** restart * (1 + Math.cos(Math.PI * fraction));
    return initial(config) * ((1 - alpha) * decayed + alpha);
  };
}

function linearCosine(config: Config): Schedule {
  const steps = number(config, "decay_steps", 1);
  return (step) => {
    const done = Math.min(step, steps) / steps;
    const wave = 0.5 * (1 + Math.cos(Math.PI * 2 * number(config, "num_periods", 0.5) * done));
    const linear = number(config, "alpha", 0) + 1 - done;
    return initial(config) * (linear * wave + number(config, "beta", 0.001));
  };
}

function cyclical(config: Config, scale: (cycle: number, step: number) => number): Schedule {
  const top = number(config, "maximal_learning_rate", 0);
  const size = number(config, "step_size", 1);
  return (step) => {
    const cycle = Math.floor(1 + step / (2 * size));
    const distance = Math.abs(step / size - 2 * cycle + 1);
    return initial(config) + (top - initial(config)) * Math.max(0, 1 - distance) * scale(cycle, step);
  };
}

function exponentialCyclical(config: Config): Schedule {
  const gamma = number(config, "gamma", 1);
  const perStep = config["scale_mode"] !== "cycle";
  return cyclical(config, (cycle, step) => gamma ** (perStep ? step : cycle));
}

function initial(config: Config): number {
  return number(config, "initial_learning_rate", 0);
}
