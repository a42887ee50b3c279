import * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../formats/model-file.js";
import type { CallArgument } from "../keras/graph.js";
import { camelCase } from "../names/camel-case.js";
import { snakeCase } from "../names/snake-case.js";
import type { CallSignature } from "./computed-layer.js";

type Tensor = tf.Tensor | tf.SymbolicTensor;

/** A call of a layer by hand, as calls of a file are. */
export interface NamedCall {
  /** Those of the inputs, then those of the named arguments. */
  readonly tensors: Tensor[];
  readonly signature: CallSignature;
}

/**
 * Reads `lstm.apply(x, { initialState: [h, c] })`: arguments that TensorFlow.js hands to `call`, where they would be
 * passed over, become arguments of the call as Keras saves them.
 * @param known Keras's names of what the layer takes
 * @returns null where nothing is named but `training`, or a mask of a call with numbers, which `call` takes as it is
 * @throws RangeError for a name that the layer does not take
 */
export function namedCall(
  layer: string,
  inputs: Tensor | Tensor[],
  kwargs: Readonly<Record<string, unknown>>,
  known: readonly string[],
): NamedCall | null {
  const named = Object.entries(kwargs).filter(
    ([name, value]) =>
      value != null && name !== "training" && !(name === "mask" && value instanceof tf.Tensor),
  );
  if (named.length === 0) return null;
  const tensors = [inputs].flat();
  const argument = (value: unknown): CallArgument => {
    if (Array.isArray(value)) return { kind: "list", items: value.map(argument) };
    if (!(value instanceof tf.Tensor || value instanceof tf.SymbolicTensor))
      return { kind: "constant", value: value as JsonValue };
    tensors.push(value);
    return TENSOR;
  };
  const args = tensors.map(() => TENSOR);
  const read = named.map(([name, value]) => {
    if (!known.includes(snakeCase(name))) throw unknownName(layer, name, known);
    return [snakeCase(name), argument(value)] as const;
  });
  return { tensors, signature: { args, kwargs: Object.fromEntries(read) } };
}

const TENSOR = { kind: "tensor", ref: { layer: "", nodeIndex: 0, tensorIndex: 0 } } as const;

function unknownName(layer: string, name: string, known: readonly string[]): RangeError {
  const all = known.map(camelCase).join(", ");
  return new RangeError(`A call of ${layer} has no argument ${name}. It takes ${all || "its inputs alone"}.`);
}
