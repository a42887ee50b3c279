import type { Device } from "../../src/runtime/backend.js";
import type * as tf from "@tensorflow/tfjs";

/** One computation whose result must be the same on every back end. */
export interface Case {
  /** `sum axis 0 of [5,7] int32` */
  readonly name: string;
  /** Group in the table. */
  readonly group: string;
  compute(): tf.Tensor | tf.Tensor[] | Promise<tf.Tensor | tf.Tensor[]>;
}

/** What a case gave on a back end. */
export type Outcome =
  | { readonly status: "values"; readonly tensors: readonly TensorValues[] }
  | { readonly status: "error"; readonly message: string };

export interface TensorValues {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly values: readonly (number | string)[];
}

/** Everything that one back end gave. */
export interface BackendOutcomes {
  readonly device: Device;
  readonly operations: Record<string, Outcome>;
  readonly gradients: Record<string, Outcome>;
  /** Central differences of the forward computation, where they were asked for. */
  readonly differences: Record<string, Outcome>;
  /** Error against Keras of a small model around each layer, or what stopped it. */
  readonly layers: Record<string, number | string>;
}
