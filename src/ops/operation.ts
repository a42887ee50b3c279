import type * as tf from "@tensorflow/tfjs";
import type { Arguments } from "../layers/arguments.js";
import type { CallValue } from "../layers/computed-layer.js";

/** One call of an operation with its arguments in place. */
export interface OperationCall {
  readonly args: readonly CallValue[];
  readonly named: Readonly<Record<string, CallValue>>;
  /** What the operation was made with: `axis`, `keepdims`. */
  readonly settings: Arguments;
}

/** An operation of `keras.ops`, computed with tfjs. */
export type Operation = (call: OperationCall) => tf.Tensor | tf.Tensor[];
