import type { JsonValue } from "../formats/model-file.js";
import type { CallArgument } from "../keras/graph.js";
import { rectangle } from "../layers/constant-tensors.js";

const TENSORS = /^(mask|\w+_mask|query|value|key|inputs|sequences|x1|x2|y)$/;
const STATES = /^(initial_state|states|constants)$/;

/**
 * Arrays in the place of a call's tensors as Keras 3 writes tensors: as plain lists it takes them for arguments of
 * another kind, and refuses its own file.
 * @param name of the argument, or null for one given by its place
 */
export function heldTensor(argument: CallArgument, name: string | null): CallArgument {
  if (argument.kind === "list")
    return { kind: "list", items: argument.items.map((item) => heldTensor(item, name)) };
  if (argument.kind !== "constant" || !Array.isArray(argument.value)) return argument;
  if (name !== null && !TENSORS.test(name) && !STATES.test(name)) return argument;
  const shape = rectangle(argument.value);
  if (shape === null) return argument;
  // One state is [batch, units]; several come in a list.
  const several = name !== null && STATES.test(name) && shape.length > 2;
  const value = several ? argument.value.map(written) : written(argument.value);
  return { kind: "constant", value };
}

function written(value: JsonValue): JsonValue {
  const dtype = typeof firstOf(value) === "boolean" ? "bool" : "float32";
  return { class_name: "__tensor__", config: { value, dtype } };
}

function firstOf(value: JsonValue): JsonValue {
  return Array.isArray(value) ? firstOf(value[0]!) : value;
}
