import type { OpAttribute } from "../load-binding.js";
import { OwnError } from "../../../own-error.js";

/** Where an operation's input comes from. */
export type Source =
  | { readonly kind: "input"; readonly index: number }
  | { readonly kind: "constant"; readonly index: number }
  | { readonly kind: "op"; readonly index: number; readonly output: number };

/** One operation as TensorFlow was asked to run it. */
export interface RecordedOp {
  readonly name: string;
  readonly attributes: readonly OpAttribute[];
  readonly inputs: readonly Source[];
}

/** A tensor that was there before, or came from JavaScript: a weight, an axis, a shape. */
export interface RecordedConstant {
  /** The binding's number of the tensor; it stays the same for a weight. */
  readonly id: number;
  readonly shape: readonly number[];
  /** TensorFlow's number of the type (tensorflow/c/tf_datatype.h). */
  readonly dtype: number;
  /** Its values, read when they are first asked for. Strings as bytes. */
  values(): ArrayBufferView | readonly Uint8Array[];
}

export interface RecordedOutput {
  readonly source: Source;
  readonly shape: readonly number[];
  readonly dtype: number;
}

/** What one run of a function on tensors asked TensorFlow to do, in order. */
export interface Recording {
  readonly inputs: readonly { readonly shape: readonly number[]; readonly dtype: number }[];
  readonly ops: readonly RecordedOp[];
  readonly constants: readonly RecordedConstant[];
  readonly outputs: readonly RecordedOutput[];
}

/** A function that cannot run as one graph, and why, as a part of a sentence. */
export class NotCompilable extends OwnError {
  override readonly name = "NotCompilable";
}
