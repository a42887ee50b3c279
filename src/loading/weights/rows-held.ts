import type { CallArgument, ModelGraph } from "../../keras/graph.js";
import { rectangle } from "../../layers/arguments/constant-tensors.js";

/** For how many rows an array may be made that a call holds in a tensor's place, such as a first state. */
export function rowsHeld({ calls }: ModelGraph): readonly number[] {
  const held = calls.flatMap(({ args, kwargs }) => [...args, ...Object.values(kwargs)].flatMap(lengths));
  return [...new Set(held)].filter((rows) => rows > 1);
}

function lengths(argument: CallArgument): number[] {
  if (argument.kind === "list") return argument.items.flatMap(lengths);
  if (argument.kind !== "constant") return [];
  const values = Array.isArray(argument.value) ? argument.value : [];
  const shape = rectangle(values);
  // Two states in one list have the rows at their second axis.
  return shape === null || shape.length < 2 ? [] : shape.slice(0, Math.min(shape.length - 1, 2));
}
