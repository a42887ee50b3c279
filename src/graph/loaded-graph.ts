import type * as tf from "@tensorflow/tfjs";
import type { FunctionInputs } from "./choose-concrete.js";
import type { PythonOption } from "./concrete-functions.js";
import type { GraphConnection, GraphScope } from "./scopes.js";
import type { GraphInputs, TensorSpec } from "./signature.js";
import type { UnknownOp } from "./unknown-ops.js";

/** A signature or concrete function, to be called with its inputs by name or in order. */
export interface GraphFunction {
  /**
   * @param outputs names of those that are wanted; all if left out. What the others need is not run.
   * @returns the tensors by name; integers of which 32 bits do not hold all as text, in decimal, as they are given
   */
  (inputs?: GraphInputs, outputs?: readonly string[]): tf.NamedTensorMap;
  /** As the call, without holding up what else runs while a GPU computes (WebGPU). */
  async(inputs?: GraphInputs, outputs?: readonly string[]): Promise<tf.NamedTensorMap>;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

/** A saved function with all that it was traced for: which one runs is chosen by what it is called with. */
export interface ModuleFunction extends GraphFunction {
  /** @param inputs as of a signature; Python arguments by name: `{x, training: true}` */
  (inputs?: FunctionInputs, outputs?: readonly string[]): tf.NamedTensorMap;
  async(inputs?: FunctionInputs, outputs?: readonly string[]): Promise<tf.NamedTensorMap>;
  /** What it takes and gives: of the first, the usual one, `inputs` and `outputs` are. */
  readonly concrete: readonly (Pick<GraphFunction, "inputs" | "outputs"> & {
    readonly options: readonly PythonOption[];
  })[];
}

/** A TensorFlow graph that runs without TensorFlow. */
export interface LoadedGraph {
  /** Of the chosen signature. */
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** Name of the chosen signature; null where inputs and outputs were guessed from the graph. */
  readonly signature: string | null;
  readonly signatures: Readonly<Record<string, GraphFunction>>;
  /** Functions of a `tf.Module` and of what is in it, by their path from the root: `encode`, `encoder.call`. */
  readonly functions: Readonly<Record<string, ModuleFunction>>;
  /** Ops of the chosen signature that are neither known nor registered. What does not need them can be run. */
  readonly unknownOps: readonly UnknownOp[];
  /** The chosen signature's ops grouped by the scope of their names. */
  readonly scopes: readonly GraphScope[];
  /** What flows between the inputs, the scopes and the outputs of the chosen signature. */
  readonly connections: readonly GraphConnection[];
  /** Elements of the variables and large constants that the chosen signature uses. */
  readonly parameters: number;
  /** Names of the variables that the chosen signature reads and that have no value: the file lacks them. */
  readonly unset: readonly string[];
  /**
   * Runs the chosen signature.
   * @returns the tensor, or a map of tensors when the signature has several outputs
   * @throws GraphError that names the op and the input
   */
  predict(inputs?: GraphInputs): tf.Tensor | tf.NamedTensorMap;
  predictAsync(inputs?: GraphInputs): Promise<tf.Tensor | tf.NamedTensorMap>;
  /**
   * Any tensors of the graph by name (`dense/Relu:0`), from any inputs by name (`x:0`).
   * @param targets ops that are run for their effect, by name
   */
  execute(
    inputs: Readonly<Record<string, tf.Tensor>>,
    outputs: readonly string[],
    targets?: readonly string[],
  ): Promise<tf.Tensor[]>;
  dispose(): void;
}
