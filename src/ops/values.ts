import * as tf from "@tensorflow/tfjs";
import type { Arguments } from "../layers/arguments.js";
import type { CallValue } from "../layers/computed-layer.js";

/** A tensor as it is, a number or a nested list of numbers as a tensor. */
export function constantTensor(value: CallValue | undefined, dtype?: tf.DataType): tf.Tensor {
  if (value instanceof tf.Tensor) return value;
  if (typeof value === "number" || typeof value === "boolean" || Array.isArray(value)) {
    return tf.tensor(
      value as tf.TensorLike,
      undefined,
      dtype ?? (typeof value === "boolean" ? "bool" : "float32"),
    );
  }
  throw new Error(
    `A number or tensor was expected where the call has ${JSON.stringify(value)?.slice(0, 60)}.`,
  );
}

/** The axes of a reduction, counted from 0; undefined stands for all of them. */
export function axesOf(settings: Arguments, rank: number): number[] | undefined {
  if (!settings.has("axis")) return undefined;
  return settings.numbers("axis").map((axis) => (axis < 0 ? axis + rank : axis));
}
