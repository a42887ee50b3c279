import * as tf from "@tensorflow/tfjs";
import { plural } from "../loading/notation.js";

/** Which arguments of a model's methods are data. */
const METHODS = { fit: 2, trainOnBatch: 2, evaluate: 2, predict: 1, predictOnBatch: 1 } as const;

let checking = false;

/**
 * Says what is wrong with data that is no tensor, a tensor that was disposed, or samples that do not suffice, before
 * TensorFlow.js fails at it with "Cannot read properties of undefined". Data by the names of inputs is put in order.
 */
export function checkTensorsGiven(): void {
  if (checking) return;
  checking = true;
  const prototype = tf.LayersModel.prototype as unknown as Record<string, (...args: unknown[]) => unknown>;
  for (const [method, count] of Object.entries(METHODS)) {
    const original = prototype[method]!;
    prototype[method] = function (this: tf.LayersModel, ...args) {
      try {
        for (const data of args.slice(0, count)) check(method, data);
        if (method === "predict" || method === "predictOnBatch") args[0] = inOrder(this, method, args[0]);
        if (method === "fit") args[2] = withValidation(args[0], args[2] as tf.ModelFitArgs | undefined);
      } catch (error) {
        // These two are async functions.
        if (method === "fit" || method === "trainOnBatch") return Promise.reject(error as Error);
        throw error;
      }
      return original.apply(this, args);
    };
  }
}

/** `{ a: x, b: y }` as a list, which `predict` does not do itself; Keras passes over names that no input has. */
function inOrder(model: tf.LayersModel, method: string, data: unknown): unknown {
  if (data === undefined || data === null || typeof data !== "object")
    throw new TypeError(`${method}() takes tensors and was given ${data === null ? "null" : typeof data}.`);
  if (data instanceof tf.data.Dataset)
    throw new TypeError(`${method}() takes tensors and was given a dataset: call it on each of its batches.`);
  if (Object.getPrototypeOf(data) !== Object.prototype) return data;
  const named = data as Readonly<Record<string, tf.Tensor>>;
  return model.inputNames.map((name) => {
    if (Object.hasOwn(named, name)) return named[name]!;
    const given = Object.keys(named).map((key) => JSON.stringify(key));
    throw new Error(
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
  throw new Error(
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

function check(method: string, data: unknown): void {
  if (data instanceof tf.Tensor) {
    if (!data.isDisposed) return;
    throw new Error(
      `${method}() was given a tensor [${data.shape}] ${data.dtype} that is disposed. ` +
        "Make it anew, or keep it: tf.keep() inside of tf.tidy().",
    );
  }
  if (Array.isArray(data) && !data.some((one) => typeof one === "number" || Array.isArray(one)))
    for (const one of data) check(method, one);
  else if (Array.isArray(data) || ArrayBuffer.isView(data))
    throw new TypeError(
      `${method}() takes tensors and was given an array: tf.tensor(array) makes one of it.`,
    );
  else if (data !== null && typeof data === "object" && Object.getPrototypeOf(data) === Object.prototype)
    for (const one of Object.values(data)) check(method, one);
}
