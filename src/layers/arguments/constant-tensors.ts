import * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../../formats/model-file.js";
import type { CallValue } from "../computed-layer.js";

/** Named arguments of Keras's layers that take tensors: `mask`, `attention_mask`, `initial_state`, `constants`. */
const TENSORS = /^(mask|\w+_mask|initial_state|states|constants)$/;
const STATES = /state|constants/;

/**
 * Named arguments of a call in which numbers stand where a layer takes tensors, as tensors: a causal mask or a first
 * state that was an array when the model was built is saved as nested lists. Runs inside `tf.tidy`.
 * @param inputs the call's positional tensors: a mask may come as one per input, a state as one per state, which is
 *   of one axis less than the sequence
 */
export function withConstantTensors(
  named: Readonly<Record<string, CallValue>>,
  inputs: readonly tf.Tensor[],
): Readonly<Record<string, CallValue>> {
  const change = Object.entries(named).filter(([key, value]) => TENSORS.test(key) && Array.isArray(value));
  if (change.length === 0) return named;
  const tensors = change.map(([key, value]): [string, CallValue] => {
    const list = value as readonly CallValue[];
    const several = STATES.test(key)
      ? depthOf(list) !== (inputs[0]?.rank ?? 0) - 1
      : inputs.length > 1 && list.length === inputs.length;
    return [key, several ? list.map(tensorOf) : tensorOf(list)];
  });
  return { ...named, ...Object.fromEntries(tensors) };
}

/** The tensor of a nested list of numbers or truth values; anything else as it is, its parts made tensors. */
function tensorOf(value: CallValue): CallValue {
  if (!Array.isArray(value)) return value;
  const list = value as readonly CallValue[];
  const shape = rectangle(list);
  if (shape === null) return list.map(tensorOf);
  const flat = leaves(list);
  return typeof flat[0] === "boolean"
    ? tf.tensor(flat as boolean[], shape, "bool")
    : tf.tensor(flat as number[], shape, "float32");
}

/** The tensor of nested lists of numbers; one number has one axis, so that it broadcasts as Keras's tensor would. */
export function constantTensor(numbers: JsonValue): tf.Tensor {
  return tensorOf(Array.isArray(numbers) ? numbers : [numbers]) as tf.Tensor;
}

/** Its shape. */
export function constantShape(numbers: JsonValue): number[] {
  return rectangle(Array.isArray(numbers) ? numbers : [numbers])!;
}

function leaves(value: CallValue): (number | boolean)[] {
  return Array.isArray(value) ? (value as readonly CallValue[]).flatMap(leaves) : [value as number | boolean];
}

/** The lengths of a nested list that is a whole array of numbers or of truth values; null for another. */
export function rectangle(value: CallValue): number[] | null {
  if (typeof value === "number" || typeof value === "boolean") return [];
  if (!Array.isArray(value) || value.length === 0) return null;
  const [first, ...others] = (value as readonly CallValue[]).map(rectangle);
  if (!first || others.some((other) => other?.join() !== first.join())) return null;
  return [value.length, ...first];
}

/** How deep lists are nested, counting the axes of a tensor inside. */
function depthOf(value: CallValue): number {
  if (value instanceof tf.Tensor) return value.rank;
  return Array.isArray(value) ? 1 + depthOf((value as readonly CallValue[])[0] ?? null) : 0;
}
