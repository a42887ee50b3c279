import * as tf from "@tensorflow/tfjs";

/** Which arguments of a model's methods are data. */
const METHODS = { fit: 2, trainOnBatch: 2, evaluate: 2, predict: 1, predictOnBatch: 1 } as const;

let checking = false;

/**
 * Says what is wrong with data that is no tensor, or a tensor that was disposed, before TensorFlow.js fails at it with
 * "Cannot read properties of undefined".
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
      } catch (error) {
        // These two are async functions.
        if (method === "fit" || method === "trainOnBatch") return Promise.reject(error as Error);
        throw error;
      }
      return original.apply(this, args);
    };
  }
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
