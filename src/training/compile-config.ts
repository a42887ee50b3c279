import type { JsonValue } from "../formats/model-file.js";
import { isObject, plain } from "../keras/json.js";
import { lambdaCode } from "../keras/saved-lambda.js";
import type { KerasOrigin } from "../layers/registry.js";
import { bare, readSerialized } from "./config-values.js";
import { type CustomFunctions, type Loss, readLoss } from "./losses/loss.js";
import type { Metric } from "./metrics/metric.js";
import { meanOverAllSteps } from "./losses/reduction.js";
import { readMetric } from "./metrics/table.js";

/** What the model was compiled with, by output. */
export interface CompileConfig {
  /** Saved form of the optimizer; undefined where the file has none. */
  readonly optimizer: JsonValue | undefined;
  /** Null for an output that is not trained. */
  readonly losses: readonly ({ readonly loss: Loss; readonly weight: number } | null)[];
  readonly metrics: readonly OutputMetric[];
  /** What the history calls each output: Keras 3 by its key where the outputs are a dictionary, else by its layer. */
  readonly outputs: readonly string[];
  /** Whether the mean of a masked loss is over all steps, those that the mask leaves out too. */
  readonly meanOverAllSteps: boolean;
  /**
   * Whether the history's loss of an output is the mean of the batches, a short one counted as much as the others
   * (Keras 3, whose graphs do not know the size of a batch), else of the samples.
   */
  readonly meanOfBatches: boolean;
  /** What is not known here: kind and saved name. */
  readonly unknown: readonly Unknown[];
}

export interface OutputMetric {
  readonly output: number;
  readonly metric: Metric;
  /** Whether sample weights count. */
  readonly weighted: boolean;
  /** Whether what a mask of the output leaves out does not count in it. */
  readonly masked: boolean;
}

export interface Unknown {
  readonly kind: "loss" | "metric" | "optimizer" | "schedule" | "learning rate";
  readonly name: string;
  /** Of a Python lambda: its code, defaults and closure as saved. */
  readonly lambda?: readonly JsonValue[];
}

/**
 * Reads `training_config` of `.h5` and SavedModel metadata and `compile_config` of `.keras`.
 * @param outputs names of each of the model's outputs, in order; the first that the file uses counts
 */
export function readCompileConfig(
  saved: JsonValue,
  outputs: readonly (readonly string[])[],
  custom: CustomFunctions,
  { major, version }: Pick<KerasOrigin, "major" | "version">,
): CompileConfig {
  const config = plain(saved);
  const at = (key: string) => (isObject(config) ? config[key] : undefined);
  const unknown: Unknown[] = [];
  const weights = byOutput(at("loss_weights"), outputs);
  const losses = byOutput(at("loss"), outputs).map((value, i) => {
    if (value === undefined || value === null) return null;
    const loss = readLoss(value, custom);
    if (!loss) unknown.push({ kind: "loss", ...named(value) });
    const weight = bare(weights[i]);
    return loss && { loss, weight: typeof weight === "number" ? weight : 1 };
  });
  const metrics = [
    ...metricsOf(at("metrics"), outputs, custom, unknown, false),
    ...metricsOf(at("weighted_metrics"), outputs, custom, unknown, true),
  ].map((one) => ({ ...one, masked: major < 3 || one.metric.ofFunction === true }));
  const names = outputs.map((each) => (major < 3 ? each.at(-1)! : each[0]!));
  return {
    optimizer: at("optimizer_config") ?? at("optimizer"),
    losses,
    metrics,
    outputs: apart(names),
    meanOverAllSteps: meanOverAllSteps(version),
    meanOfBatches: major === 3,
    unknown,
  };
}

/** Outputs of one layer are told apart as Keras 2 does: `gru`, `gru_1`. Keras 3 shows the last of them alone. */
function apart(names: readonly string[]): string[] {
  return names.reduce<string[]>((taken, name) => {
    let next = name;
    for (let i = 1; taken.includes(next); i++) next = `${name}_${i}`;
    return [...taken, next];
  }, []);
}

function metricsOf(
  value: JsonValue | undefined,
  outputs: readonly (readonly string[])[],
  custom: CustomFunctions,
  unknown: Unknown[],
  weighted: boolean,
): Omit<OutputMetric, "masked">[] {
  const all = byOutput(value, outputs, true);
  return all.flatMap((each, output) =>
    list(each).flatMap((saved) => {
      const metric = readMetric(saved, custom);
      if (!metric) unknown.push({ kind: "metric", ...named(saved) });
      return metric ? [{ output, metric, weighted }] : [];
    }),
  );
}

/** `metrics=["mae"]` of one output, `[["mae"], ["acc"]]` and `{label: "acc"}` of several. */
function list(value: JsonValue | undefined): JsonValue[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value.flat(2).filter((item) => item !== null) : [value];
}

/**
 * One value for each output: of a list by order, of a dictionary by name, else the same for all.
 * @param lists whether an output's value can be a list itself
 */
function byOutput(
  value: JsonValue | undefined,
  outputs: readonly (readonly string[])[],
  lists = false,
): (JsonValue | undefined)[] {
  if (isObject(value) && typeof value["class_name"] !== "string") {
    return outputs.map((names) => {
      const name = names.find((one) => Object.hasOwn(value, one));
      return name === undefined ? undefined : value[name];
    });
  }
  if (Array.isArray(value)) {
    if (outputs.length === 1) return [lists ? value : value[0]];
    if (value.length === outputs.length) return value;
    return outputs.map(() => (lists ? value : value[0]));
  }
  return outputs.map(() => value);
}

function named(value: JsonValue | undefined): Pick<Unknown, "name" | "lambda"> {
  const lambda = lambdaCode(value);
  return { name: nameOf(value), ...(lambda ? { lambda } : {}) };
}

/** The name for a message. */
export function nameOf(value: JsonValue | undefined): string {
  const wrapped = isObject(value) && isObject(value["config"]) ? value["config"]["fn"] : undefined;
  // A function that Keras wraps in a class of its own bears its name there.
  if (wrapped !== undefined && wrapped !== null) return nameOf(wrapped);
  return (readSerialized(value)?.savedName ?? JSON.stringify(value ?? null)).slice(0, 60);
}
