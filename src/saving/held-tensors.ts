import type { JsonValue } from "../formats/model-file.js";
import type { CallArgument, LayerCall, ModelGraph } from "../keras/graph.js";
import { rectangle } from "../layers/arguments/constant-tensors.js";

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
  const value = several
    ? argument.value.map((state) => arrayOf(state, argument.array))
    : arrayOf(argument.value, argument.array);
  return { kind: "constant", value };
}

/** Layers of TensorFlow functions, which take lists of numbers as what they are. */
const FUNCTION_LAYERS = /^(TFOpLambda|SlicingOpLambda|TensorFlowOpLayer)$/;

/**
 * Keras 2 writes the numbers that a layer is called on as a list, and hands the list to the layer when it reads its file:
 * most stop there, and a recurrent layer takes the first row of its mask for the whole of it.
 * @throws TypeError that names the layer
 */
export function refuseHeldTensors(graph: ModelGraph): void {
  for (const { model } of graph.layers) if (model) refuseHeldTensors(model);
  for (const call of graph.calls) {
    const spec = graph.layers.find(({ name }) => name === call.layer);
    const held = spec && !FUNCTION_LAYERS.test(spec.className) ? heldArgument(call) : null;
    if (held === null) continue;
    throw new TypeError(
      `A .h5 file cannot hold this model: layer ${spec!.path} is called with numbers (${held}), which Keras 2 reads back as ` +
        "a list and not as a tensor. Save it as .keras, which holds tensors.",
    );
  }
}

function heldArgument({ args, kwargs }: LayerCall): string | null {
  const named = Object.entries(kwargs).find(([name, argument]) =>
    argument.kind === "list"
      ? argument.items.some((item) => heldTensor(item, name) !== item)
      : heldTensor(argument, name) !== argument,
  );
  if (named) return named[0];
  const place = args.findIndex((argument, i) => (i > 0 || argument.kind === "list") && holds(argument));
  return place < 0 ? null : `argument ${place + 1}`;
}

function holds(argument: CallArgument): boolean {
  return argument.kind === "list" ? argument.items.some(holds) : heldTensor(argument, null) !== argument;
}

/** Numbers as Keras 3 writes a tensor, by default of float32 or of booleans. */
export function arrayOf(
  value: JsonValue,
  dtype = typeof firstOf(value) === "boolean" ? "bool" : "float32",
): JsonValue {
  return { class_name: "__tensor__", config: { value, dtype } };
}

function firstOf(value: JsonValue): JsonValue {
  return Array.isArray(value) ? firstOf(value[0]!) : value;
}
