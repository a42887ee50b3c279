import * as tf from "@tensorflow/tfjs";
import { LayerError } from "../../keras/finding.js";

/** Tensors as Keras's `call` returns them: one, a list, a dict by its keys, or lists within lists. */
export type CustomResult = tf.Tensor | CustomResult[] | { readonly [key: string]: CustomResult };

/**
 * Keras numbers the tensors of a dict by its sorted keys.
 * @throws LayerError where a user's call gave no tensor
 */
export function flatTensors(result: CustomResult): tf.Tensor | tf.Tensor[] {
  if (result instanceof tf.Tensor) return result;
  const given: unknown = result;
  if (typeof given !== "object" || given === null || given instanceof Promise) throw noTensor(given);
  const items = Array.isArray(result)
    ? result
    : Object.keys(result)
        .sort()
        .map((key) => result[key]!);
  return items.flatMap(flatTensors);
}

function noTensor(given: unknown): LayerError {
  const isPromise = given instanceof Promise;
  const what = given === undefined ? "nothing" : given === null ? "null" : `a ${typeof given}`;
  return new LayerError(
    "C21",
    undefined,
    isPromise ? "it returns a promise" : `it returns ${what}, not a tensor`,
    isPromise
      ? "a layer computes when it is called; an async function does so later"
      : "what a layer gives out is a tensor, or a list of tensors",
    isPromise
      ? "Leave out async and await, and register it again."
      : "Return a tensor: a function with braces needs `return`.",
  );
}
