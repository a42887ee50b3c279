import * as tf from "@tensorflow/tfjs";
import { ModelCallError } from "./model-call-error.js";

/**
 * Refuses data that is no tensor, or one that was disposed; lists of tensors, and tensors by name, pass.
 * @param method of the call, as it is named in the error
 * @throws ModelCallError
 */
export function requireTensors(method: string, data: unknown): void {
  if (data instanceof tf.Tensor) {
    if (!data.isDisposed) return;
    throw new ModelCallError(
      `${method}() was given a tensor [${data.shape}] ${data.dtype} that is disposed. ` +
        "Make it anew, or keep it: tf.keep() inside of tf.tidy().",
    );
  }
  if (Array.isArray(data) && !data.some(isOfValues)) for (const one of data) requireTensors(method, one);
  else if (Array.isArray(data) || ArrayBuffer.isView(data))
    throw new ModelCallError(
      `${method}() takes tensors and was given an array: tf.tensor(array) makes one of it.`,
    );
  else if (data !== null && typeof data === "object" && Object.getPrototypeOf(data) === Object.prototype)
    for (const one of Object.values(data)) requireTensors(method, one);
}

/** A part of an array that a tensor can be made of. */
function isOfValues(one: unknown): boolean {
  return Array.isArray(one) || ["number", "string", "boolean"].includes(typeof one);
}
