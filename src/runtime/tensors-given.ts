import * as tf from "@tensorflow/tfjs";
import { KerasModel } from "../keras/keras-model.js";
import { plural } from "../notation.js";
import { OwnError } from "../own-error.js";
import { whyClassesAreOutside, whyInputsDoNotFit, whyTargetsDoNotFit } from "./data-that-fits.js";
import { explainApply } from "./model-apply.js";
import { ModelCallError } from "./model-call-error.js";
import { explainGetLayer } from "./named-layers.js";
import { requireTensors } from "./require-tensors.js";

/** Which arguments of a model's methods are data. */
const METHODS = {
  ...{ fit: 2, trainOnBatch: 2, evaluate: 2, predict: 1, predictOnBatch: 1 },
  ...{ fitDataset: 0, evaluateDataset: 0 },
} as const;
type Method = keyof typeof METHODS;
/** These are async functions. */
const ASYNC: ReadonlySet<Method> = new Set(["fit", "trainOnBatch", "fitDataset", "evaluateDataset"]);

let checking = false;

/**
 * Says what is wrong with data that is no tensor, a tensor that was disposed, or samples that do not suffice, before
 * TensorFlow.js fails at it with "Cannot read properties of undefined". Data by the names of inputs is put in order.
 * Where TensorFlow.js, or a layer in the middle of the model, refuses what does not fit the model, the error says what
 * was given, what the model takes, and what to do.
 */
export function checkTensorsGiven(): void {
  if (checking) return;
  checking = true;
  explainApply();
  explainGetLayer();
  for (const { prototype } of [tf.LayersModel, tf.Sequential, KerasModel])
    for (const method of Object.keys(METHODS) as Method[])
      if (Object.hasOwn(prototype, method)) checkCalls(prototype as unknown as Methods, method);
}

type Methods = Record<string, (...args: unknown[]) => unknown>;

function checkCalls(prototype: Methods, method: Method): void {
  const original = prototype[method]!;
  prototype[method] = function (this: tf.LayersModel, ...args) {
    const given = [...args];
    try {
      prepare(this, method, args);
      const result = original.apply(this, args);
      if (!(result instanceof Promise)) return result;
      return result.catch((error: unknown) => Promise.reject(explained(error, this, method, given) as Error));
    } catch (error) {
      const told = explained(error, this, method, given) as Error;
      if (ASYNC.has(method)) return Promise.reject(told);
      throw told;
    }
  };
}

/** Where a method has its options. */
const OPTIONS: Partial<Record<Method, number>> = { fit: 2, evaluate: 2, predict: 1 };

/** A batch of none would be asked for without an end, and one of a half has no samples. */
function requireBatchSize(method: Method, args: readonly unknown[]): void {
  const options = args[OPTIONS[method] ?? -1] as { batchSize?: unknown } | null | undefined;
  const size = options?.batchSize ?? null;
  if (size === null || (Number.isInteger(size) && Number(size) > 0)) return;
  throw new ModelCallError(
    `${method}() takes a batchSize that is a whole number of samples, 1 or more; it was given ${typeof size === "string" ? JSON.stringify(size) : String(size)}.`,
  );
}

function prepare(model: tf.LayersModel, method: Method, args: unknown[]): void {
  requireBatchSize(method, args);
  for (const data of args.slice(0, METHODS[method])) requireTensors(method, data);
  // A sequential model hands its calls on to one that knows its inputs.
  if (model instanceof tf.Sequential) return;
  if (method === "predict" || method === "predictOnBatch") args[0] = inOrder(model, method, args[0]);
  if (method === "fit" || method === "evaluate") refuseClassesOutside(model, method, args);
  if (method === "fit") args[2] = withValidation(args[0], args[2] as tf.ModelFitArgs | undefined);
}

function refuseClassesOutside(model: tf.LayersModel, method: Method, [, y, args]: unknown[]): void {
  if (!isCompiled(model)) return;
  const validation = (args as tf.ModelFitArgs | undefined)?.validationData;
  const why =
    whyClassesAreOutside(model, `${method}()`, y) ??
    (validation ? whyClassesAreOutside(model, "The validation of fit()", validation[1]) : null);
  if (why !== null) throw new ModelCallError(why);
}

/** The error in terms of what was given, where that does not fit the model; else as it is. */
function explained(error: unknown, model: tf.LayersModel, method: Method, [x, y, args]: unknown[]): unknown {
  if (error instanceof OwnError && error.cause === undefined) return error;
  const isTraining = !method.startsWith("predict");
  if (isTraining && !isCompiled(model))
    return new ModelCallError(
      `${method}() needs a model that is compiled. First, for example: model.compile({ optimizer: "adam", loss: "meanSquaredError" }).`,
    );
  if (model instanceof tf.Sequential || METHODS[method] === 0) return error;
  const call = `${method}()`;
  const why =
    whyInputsDoNotFit(model, call, x) ??
    (isTraining ? whyTargetsDoNotFit(model, call, y, samplesOf(x)) : null) ??
    (method === "fit" ? whyValidationDoesNotFit(model, args as tf.ModelFitArgs | undefined) : null);
  return why === null ? error : new ModelCallError(why);
}

function whyValidationDoesNotFit(model: tf.LayersModel, args: tf.ModelFitArgs | undefined): string | null {
  if (!args?.validationData) return null;
  const [x, y] = args.validationData;
  const call = "The validation of fit()";
  return whyInputsDoNotFit(model, call, x) ?? whyTargetsDoNotFit(model, call, y, samplesOf(x));
}

function isCompiled(model: tf.LayersModel): boolean {
  return ((model as { optimizer?: tf.Optimizer }).optimizer ?? null) !== null;
}

/** `{ a: x, b: y }` as a list, which `predict` does not do itself; Keras passes over names that no input has. */
function inOrder(model: tf.LayersModel, method: string, data: unknown): unknown {
  if (data === undefined || data === null || typeof data !== "object")
    throw new ModelCallError(
      `${method}() takes tensors and was given ${data === null ? "null" : typeof data}.`,
    );
  if (data instanceof tf.data.Dataset)
    throw new ModelCallError(
      `${method}() takes tensors and was given a dataset: call it on each of its batches.`,
    );
  if (Object.getPrototypeOf(data) !== Object.prototype) return data;
  const named = data as Readonly<Record<string, tf.Tensor>>;
  return model.inputNames.map((name) => {
    if (Object.hasOwn(named, name)) return named[name]!;
    const given = Object.keys(named).map((key) => JSON.stringify(key));
    throw new ModelCallError(
      `${method}() was given no tensor for the input ${JSON.stringify(name)}, only for ${given.join(", ") || "none"}.`,
    );
  });
}

/**
 * As Keras: a split that leaves nothing to train on is refused (array_slicing.py, `train_validation_split`); validation
 * data without samples validates nothing.
 */
function withValidation(x: unknown, given: tf.ModelFitArgs | undefined): tf.ModelFitArgs | undefined {
  if (!given) return given;
  const { validationData, validationSplit: split } = given;
  if (validationData) {
    if (samplesOf(validationData[0]) !== 0) return given;
    return Object.fromEntries(Object.entries(given).filter(([name]) => name !== "validationData"));
  }
  const samples = samplesOf(x);
  if (!split || samples === null) return given;
  if (split > 0 && Math.floor(samples * (1 - split)) > 0) return given;
  throw new ModelCallError(
    `fit() cannot split ${plural(samples, "sample")} by validationSplit ${split}: ` +
      (split > 0
        ? "none is left to train on. Give more samples or a smaller part."
        : "it is the part, between 0 and 1, to validate with."),
  );
}

/** Of the first tensor in it; null where there is none. */
function samplesOf(data: unknown): number | null {
  if (data instanceof tf.Tensor) return data.shape[0] ?? null;
  const first: unknown = data !== null && typeof data === "object" ? Object.values(data)[0] : null;
  return first instanceof tf.Tensor ? (first.shape[0] ?? null) : null;
}
