import type { Fidelity } from "./fidelity.js";
import type * as tf from "@tensorflow/tfjs";
import type { LayerSpec } from "../keras/graph.js";

/** What wrote the file; behaviour that changed between Keras majors is chosen by it. */
export interface KerasOrigin {
  /** 1, 2 or 3. */
  readonly major: 1 | 2 | 3;
  /** Full version as saved, or null. */
  readonly version: string | null;
  readonly backend: string | null;
}

export interface LayerContext {
  readonly origin: KerasOrigin;
  /** Shapes of the layer's stored weights in file order, null when the file has none. */
  readonly storedShapes: readonly (readonly number[])[] | null;
  /** The same weights with their names and dtypes, where the file says them: a quantised layer is known by them. */
  readonly stored?: readonly StoredForm[] | null;
  /** Text of a file that the model keeps for the layer, such as `vocabulary.txt`; null when it has none. */
  asset(name: string): string | null;
  /** True where the user registered the layer's class: it then stands before Keras's own of that name. */
  custom?(spec: LayerSpec): boolean;
  /** Builds an inner layer (of Bidirectional, TimeDistributed, ...). */
  build(spec: LayerSpec): tf.layers.Layer;
  /** Says that an argument was renamed, dropped or ignored; `exact` when Keras does the same. */
  adjust(adjustment: Adjustment): void;
}

/** What a file says of one stored weight before its numbers are read. */
export interface StoredForm {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
}

export interface Adjustment {
  /** Code of the taxonomy: `A01`. */
  readonly code: string;
  readonly argument: string;
  readonly detail: string;
  readonly fidelity: Fidelity;
  /** Why the layer differs, where the code's general reason does not say it. */
  readonly why?: string;
}

/** One row of the layer table: from a saved config to a layer that computes Keras's numbers. */
export interface LayerDefinition {
  /** Keras's class name. */
  readonly className: string;
  /** Older and other names that files carry. */
  readonly aliases?: readonly string[];
  /** Majors of Keras that have it. */
  readonly majors: readonly (1 | 2 | 3)[];
  /** Arguments that it takes, by Keras's names; a key beyond these is reported (A06). */
  readonly arguments: readonly string[];
  /** Keys that older or newer majors write and that change nothing. */
  readonly inert?: readonly string[];
  /** Names of the tensors that a call takes, in the order of its positional arguments; default `inputs`. */
  readonly callArguments?: readonly string[];
  /** Named tensors that a call may take besides, such as `mask`. */
  readonly namedArguments?: readonly string[];
  /** Whether further tensors by place are inputs too: a class of the user's names its arguments as it likes. */
  readonly ownPlaces?: boolean;
  /** False for a config that holds code or names another file: its class then counts as unknown. */
  computes?(spec: LayerSpec): boolean;
  create(spec: LayerSpec, context: LayerContext): tf.layers.Layer;
}
