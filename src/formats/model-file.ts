/** What every format reader returns: a model file as data, opened but not yet read. */
import type { TakeMemory } from "./take-memory.js";
import { OwnError } from "../own-error.js";

/** Element types that a stored tensor can have, by NumPy's names. */
export type WeightDtype =
  | "float32"
  | "float64"
  | "float16"
  | "bfloat16"
  | "float8_e4m3fn"
  | "float8_e5m2"
  | "complex64"
  | "complex128"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "bool"
  | "string";

export type WeightArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | string[];

/** One stored tensor. Nothing is read until `read` is called. */
export interface StoredWeight {
  /** Name as the file gives it, e.g. `dense/kernel:0`. */
  readonly name: string;
  /** Where it stands in its container, e.g. `/model_weights/dense/dense/kernel:0`. */
  readonly path: string;
  readonly shape: readonly number[];
  readonly dtype: WeightDtype;
  /** Bytes stored in the file. */
  readonly byteLength: number;
  /** Offset of the data in the file, where it stands in one piece. */
  readonly byteOffset?: number;
  /** Name of the part that has it, as archives of later Keras 3 say it beside the variables: `batch_normalization`. */
  readonly owner?: string;
  /** False when the bytes are beyond the end of a truncated file. */
  readonly whole: boolean;
  /**
   * The values in row-major order; floats of 8 and 16 bits arrive as Float32Array, bool as Uint8Array, complex
   * numbers as twice as many floats, real and imaginary parts in turn.
   * @param take where the bytes are read to, memory of their own by default; not every format asks for it
   * @throws FormatError when the bytes are missing or refused.
   */
  read(take?: TakeMemory): Promise<WeightArray>;
}

/** The weights that belong to one layer, in the file's own order. */
export interface StoredLayer {
  readonly name: string;
  readonly weights: readonly StoredWeight[];
  /** Weights that the file names but does not hold, with their place in the layer's full list (W05, F03). */
  readonly missing: readonly { readonly name: string; readonly index: number }[];
  /** Texts that the layer keeps in files of its own, by their paths in it: `vocabulary.txt`. Read when asked for. */
  readonly assets?: ReadonlyMap<string, () => string>;
  /**
   * For a nested model in a `.keras` archive, or one read out of a saved function: its own layers. `weights` then
   * lists all of theirs, layer by layer, while a `.h5` file lists the trainable ones of all layers before the others.
   */
  readonly inner?: readonly StoredLayer[];
  /** The path of the layer with which the file stores these weights, where both are one layer. Else absent. */
  readonly sharedWith?: string;
  /** Set where this is no layer, but the weights of a whole model in one list, as `model.get_weights()` gives them. */
  readonly wholeModel?: true;
}

export type ModelFormat =
  | "keras-hdf5"
  | "keras-archive"
  | "hdf5-weights"
  | "saved-model"
  | "checkpoint"
  | "frozen-graph"
  | "tfjs-layers"
  | "tfjs-graph"
  /** Arrays alone. */
  | "npz"
  | "safetensors"
  /** An architecture alone, in JSON or YAML. */
  | "keras-config";

export interface ModelFile {
  /** Path as the user gave it. */
  readonly path: string;
  readonly format: ModelFormat;
  /** Size in bytes. */
  readonly size: number;
  /** As the file says, e.g. `2.4.0`; null when it says nothing (Keras 1.0 and older). */
  readonly kerasVersion: string | null;
  /** `tensorflow`, `theano`, `cntk`, `jax`, `torch`; null when the file says nothing. */
  readonly backend: string | null;
  /** Parsed `model_config`; null in a weights-only file. Its objects have no prototype. */
  readonly config: JsonValue | null;
  /** Parsed `training_config`; null when absent. */
  readonly trainingConfig: JsonValue | null;
  /** In `layer_names` order. */
  readonly layers: readonly StoredLayer[];
  /** Optimizer slots, in file order; empty when absent. */
  readonly optimizerWeights: readonly StoredWeight[];
  /**
   * The same weights arranged by a config from elsewhere; only where the file's own layout needs one to be read
   * right (Keras 3's `.weights.h5`, which names groups by class and number).
   */
  layersFor?(config: JsonValue): readonly StoredLayer[];
  /** What a damaged file has lost or a reader had to correct; the loading session shows these. */
  readonly findings: readonly FormatFinding[];
  /**
   * Reads what opening left unread and what has one checksum for all of it, as a large member of a zip archive, and
   * says what does not match (F03). It is read as it stands from then on. Absent where there is nothing of the kind.
   */
  verify?(): Promise<FormatFinding[]>;
  /**
   * Whether tensors that have checksums of their own are read as they stand where these do not match (F03); first
   * they are not. Absent where there is nothing of the kind.
   */
  takeChanged?(yes: boolean): void;
  close(): void;
}

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

/** A code of the failure taxonomy (`F02`), with where it sits and what was found there. */
export interface FormatFinding {
  readonly code: string;
  readonly title: string;
  /** Where in the file: a path in its container, or `byte 1024`. */
  readonly where: string;
  readonly detail: string;
  /** The same without the list of what is lost, for who tells by layers what that is. */
  readonly happened?: string;
  /** What the user can do next. */
  readonly advice: string;
  /** Paths to choose from, where more than one model was found, or what is lacking may lie beside. */
  readonly choices?: readonly string[];
}

/** A file that cannot be opened as a model, said as a finding. */
export class FormatError extends OwnError {
  override readonly name = "FormatError";
  constructor(
    readonly finding: FormatFinding,
    options?: ErrorOptions,
  ) {
    super(`${finding.title}: ${finding.detail}`, options);
  }
}
