import type { CallArgument, LayerCall, ModelGraph, Structure, TensorRef } from "./graph.js";

/**
 * The call of a nested model with its dictionaries as lists, in the order of the model's own inputs. Their keys are
 * those of a dictionary of inputs, in Keras's order of keys, or else the names of the input layers (keras
 * models/functional.py `_standardize_inputs`); what else a dictionary holds is left out.
 */
export function inputsByKey(call: LayerCall, { inputs }: ModelGraph): LayerCall {
  const order = keysOf(inputs);
  return {
    ...call,
    args: call.args.map((argument) => asList(argument, order)),
    kwargs: Object.fromEntries(
      Object.entries(call.kwargs).map(([name, argument]) => [name, asList(argument, order)]),
    ),
  };
}

function keysOf(inputs: Structure<TensorRef>): string[] {
  if (Array.isArray(inputs)) return (inputs as readonly Structure<TensorRef>[]).flatMap(keysOf);
  const { layer } = inputs as TensorRef;
  return typeof layer === "string" ? [layer] : Object.keys(inputs).sort();
}

function asList(argument: CallArgument, order: readonly string[]): CallArgument {
  if (argument.kind !== "dict") return argument;
  const { items } = argument;
  const keys = order.every((key) => key in items) ? order : Object.keys(items).sort();
  return { kind: "list", items: keys.map((key) => items[key]!) };
}
