import type { JsonValue } from "../formats/model-file.js";

/** A Keras config in one shape for all majors: layers, and the calls that connect them. */
export interface ModelGraph {
  /** `Sequential`, `Functional`, `Model`, or the name of a subclass saved as functional. */
  readonly className: string;
  readonly name: string;
  readonly layers: readonly LayerSpec[];
  /** In the file's order; `connect` sorts them by their dependencies. */
  readonly calls: readonly LayerCall[];
  /** Structure as the user built the model: one tensor, a list, or a dict. */
  readonly inputs: Structure<TensorRef>;
  readonly outputs: Structure<TensorRef>;
}

export interface LayerSpec {
  /** `LSTM`, `Custom>TCN`: as saved. */
  readonly className: string;
  /** Unique within its model. */
  readonly name: string;
  /** Names from the root, e.g. `encoder/block_1/attention`. */
  readonly path: string;
  /** Python module as saved, `keras.layers`; null where the format drops it. */
  readonly module: string | null;
  readonly registeredName: string | null;
  /** Arguments of the constructor, in Keras's own snake_case names. */
  readonly config: Readonly<Record<string, JsonValue>>;
  /** Input shapes that the file gives for building, null where it gives none. */
  readonly buildConfig: Readonly<Record<string, JsonValue>> | null;
  /** For a nested model: its own graph. */
  readonly model: ModelGraph | null;
  /** Layers held in the config, by argument: `layer` of TimeDistributed, `cells` of StackedRNNCells. */
  readonly inner: Readonly<Record<string, readonly LayerSpec[]>>;
}

/** Output `tensorIndex` of call `nodeIndex` of a layer, both counted from 0 in every major. */
export interface TensorRef {
  readonly layer: string;
  readonly nodeIndex: number;
  readonly tensorIndex: number;
  /** The file names no tensor there: `layer` is what it has instead. */
  readonly unreadable?: true;
}

/** One call of a layer on symbolic tensors or constants. */
export interface LayerCall {
  readonly layer: string;
  readonly nodeIndex: number;
  readonly args: readonly CallArgument[];
  readonly kwargs: Readonly<Record<string, CallArgument>>;
}

export type CallArgument =
  /** `type` is what the file says the tensor's elements are (Keras 3): `uint8`. */
  | { readonly kind: "tensor"; readonly ref: TensorRef; readonly type?: string }
  | { readonly kind: "list"; readonly items: readonly CallArgument[] }
  | { readonly kind: "dict"; readonly items: Readonly<Record<string, CallArgument>> }
  /**
   * `tensor` is set in a call's signature, where a layer takes a tensor and the file has its numbers; `array` is the
   * type of the elements where the file (Keras 3) says that the numbers are an array's.
   */
  | {
      readonly kind: "constant";
      readonly value: JsonValue;
      readonly tensor?: true;
      readonly array?: string;
    };

export type Structure<T> = T | readonly Structure<T>[] | { readonly [key: string]: Structure<T> };
