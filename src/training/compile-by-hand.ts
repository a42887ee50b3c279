import * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../formats/model-file.js";
import { snakeCase } from "../names/snake-case.js";
import { nearestNames } from "../names/nearest-names.js";
import type { KerasOrigin } from "../layers/registry.js";
import type { CompileConfig, OutputMetric } from "./compile-config.js";
import { compileModel } from "./compile-model.js";
import { canonicalLoss, type CustomFunctions, type Loss, LOSS_NAMES, readLoss } from "./losses/loss.js";
import { meanOverAllSteps } from "./losses/reduction.js";
import { meanMetric } from "./metrics/mean-metrics.js";
import type { Metric } from "./metrics/metric.js";
import { METRIC_NAMES, readMetric } from "./metrics/table.js";
import { KerasOptimizer } from "./optimizers/keras-optimizer.js";
import { OPTIMIZER_NAMES, readOptimizer } from "./optimizers/table.js";
import { savedFormOf } from "./saved-forms.js";
import type { Watched } from "./train-step.js";
import type { TrainableModel } from "./trainable-model.js";

type Values = (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor;
type Named = string | Values;

/** What a loaded model is, when it is compiled. */
export interface ToCompile {
  readonly parts: TrainableModel;
  readonly origin: Pick<KerasOrigin, "major" | "version">;
  watched(): Watched;
  custom(): CustomFunctions;
  /** Gets the losses and metrics as a file can have them; null in the place of a function. */
  compiled(saved: JsonValue): void;
}

/**
 * Makes `model.compile` of a loaded model what it is in Keras: the optimizer, losses and metrics that it is given, by Keras's names too, take the place
 * of those of the file, and what the file's layers add to the loss, their masks and constraints stay. In the history
 * metrics have TensorFlow.js's names, `acc` for accuracy.
 *
 * `compile` throws TypeError for arguments one by one, as in Python, RangeError for an optimizer, loss or metric that nobody knows, and for losses that do not fit the outputs.
 */
export function compileByHand(model: tf.LayersModel, into: ToCompile): void {
  model.compile = (args) => {
    if (typeof args !== "object" || args instanceof tf.Optimizer)
      throw new TypeError('compile() takes one object: model.compile({ optimizer: "adam", loss: "mse" }).');
    const { optimizer, loss, metrics } = args;
    if (!optimizer) throw new RangeError('compile() needs an optimizer: "adam", or tf.train.adam(1e-3).');
    const { outputNames } = model;
    const named = lossesByOutput(loss, outputNames);
    const losses = named.map((one) => lossOf(one, into.custom()));
    const measured = metricsByOutput(metrics, outputNames);
    const read = measured.flatMap((each, output) =>
      each.map((one): OutputMetric => {
        const metric = metricOf(one, losses[output] ?? null, into.custom());
        // In Keras 2 metrics of classes know of masks too.
        const masked = into.origin.major < 3 || metric.ofFunction === true;
        return { output, metric, weighted: false, masked };
      }),
    );
    const config: CompileConfig = {
      optimizer: undefined,
      losses: losses.map((one) => one && { loss: one, weight: 1 }),
      metrics: read,
      outputs: outputNames,
      meanOverAllSteps: meanOverAllSteps(into.origin.version),
      meanOfBatches: into.origin.major === 3,
      unknown: [],
    };
    compileModel(model, into.parts, config, optimizerOf(optimizer), into.watched());
    model.loss = loss;
    into.compiled({
      loss: named.length === 1 ? savedForm(named[0]!) : named.map(savedForm),
      metrics: measured.map((each) => each.map(savedForm).filter((one) => one !== null)),
    });
  };
}

/** Of a name, Keras's own with its defaults, which are saved with the model. */
function optimizerOf(given: string | tf.Optimizer): tf.Optimizer {
  if (typeof given !== "string") return given;
  const spec = readOptimizer(given, 3);
  if (spec) return new KerasOptimizer(spec);
  const [near] = nearestNames(given, OPTIMIZER_NAMES, 1);
  throw new RangeError(
    `compile() knows no optimizer "${given}".${near ? ` The nearest that it knows is ${near}.` : ""} It takes one of tf.train too.`,
  );
}

function lossOf(given: Named | null, custom: CustomFunctions): Loss | null {
  if (given === null) return null;
  const saved = typeof given === "string" ? given : savedFormOf(given);
  if (typeof given === "function" && saved === null) return ofFunction(given);
  const loss = readLoss(saved, custom);
  if (loss) return loss;
  throw unknown("loss", String(given), LOSS_NAMES);
}

/** The values of a function of the user's: a number for each sample, or one for the batch. */
function ofFunction(values: Values): Loss {
  return { name: values.name || "loss", values, reduction: "sum_over_batch_size", ignoredClass: null };
}

function metricOf(given: Named, loss: Loss | null, custom: CustomFunctions): Metric {
  if (typeof given === "function") {
    const saved = savedFormOf(given);
    const metric = saved === null ? null : readMetric(saved, custom);
    return metric ?? meanMetric(given.name || "metric", given);
  }
  // As TensorFlow.js's `compile` names them in the history.
  if (/^acc(?:uracy)?$/i.test(given)) return { ...readMetric("accuracy", custom)!, name: "acc" };
  if (/^(?:crossentropy|ce)$/i.test(given) && loss) return meanMetric("ce", loss.values);
  const metric = readMetric(given, custom);
  if (metric) return { ...metric, name: given };
  throw unknown("metric", given, METRIC_NAMES);
}

function unknown(kind: "loss" | "metric", name: string, known: readonly string[]): RangeError {
  const [near] = nearestNames(name, known, 1);
  return new RangeError(
    `compile() knows no ${kind} "${name}".${near ? ` The nearest that it knows is ${near}.` : ""} It takes a function too: (yTrue, yPred) => a value for each sample.`,
  );
}

/** One loss for each output: of a list by order, of an object by name, else the same for all. */
function lossesByOutput(given: tf.ModelCompileArgs["loss"], names: readonly string[]): (Named | null)[] {
  if (Array.isArray(given)) {
    if (given.length === names.length) return given as Named[];
    throw new RangeError(
      `compile() was given ${given.length} losses for ${names.length} outputs: ${names.join(", ")}.`,
    );
  }
  if (typeof given !== "object" || given === null) return names.map(() => given as Named);
  refuseStrays(given, names, "loss");
  return names.map((name) => (given as Record<string, Named>)[name] ?? null);
}

/** The metrics of each output: of an object by name, of lists in a list by order, else the same for all. */
function metricsByOutput(given: unknown, names: readonly string[]): Named[][] {
  if (given === undefined || given === null) return names.map(() => []);
  if (Array.isArray(given) && given.length === names.length && given.some((each) => Array.isArray(each)))
    return given.map((each: Named | Named[]) => [each].flat());
  if (Array.isArray(given) || typeof given !== "object") return names.map(() => [given as Named].flat());
  refuseStrays(given, names, "metric");
  return names.map((name) => [(given as Record<string, Named | Named[]>)[name] ?? []].flat());
}

function refuseStrays(given: object, names: readonly string[], kind: string): void {
  const stray = Object.keys(given).find((name) => !names.includes(name));
  if (stray === undefined) return;
  throw new RangeError(`compile() was given a ${kind} for "${stray}". The outputs are: ${names.join(", ")}.`);
}

/** As a file of Keras has it; null for none and for a function of the user's. */
function savedForm(given: Named | null): JsonValue {
  if (typeof given !== "string") return given && savedFormOf(given);
  return canonicalLoss(given) ?? snakeCase(given);
}
