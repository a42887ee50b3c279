import type * as tf from "@tensorflow/tfjs";
import type { CallValue } from "../layers/computed-layer.js";

/** Arguments of one call by name, with what the operation was made with (`axis`, `keepdims`) among them. */
export type Values = Readonly<Record<string, CallValue | undefined>>;

/** An operation of `keras.ops`, computed with tfjs. */
export interface Operation {
  /** Keras's class name: `NotEqual`. */
  readonly name: string;
  /** Names of the positional arguments of a call. */
  readonly parameters: readonly string[];
  compute(values: Values): tf.Tensor | tf.Tensor[];
  /** A tensor of a shape that the operation takes, to find what it returns; zeros unless given. */
  readonly trial?: (shape: number[]) => tf.Tensor;
}

export function operation(name: string, parameters: string, compute: Operation["compute"]): Operation {
  return { name, parameters: parameters.split(" "), compute };
}

/**
 * TensorFlow functions by their public names: the names of the arguments in order, what is computed, and a tensor that
 * the function takes where it does not take zeros.
 */
export type TensorFlowFunctions = Readonly<
  Record<string, readonly [parameters: string, compute: Operation["compute"], trial?: Operation["trial"]]>
>;
