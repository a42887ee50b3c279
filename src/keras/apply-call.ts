import * as tf from "@tensorflow/tfjs";
import { ComputedLayer, isSigned, type CallSignature } from "../layers/computed-layer.js";
import { rectangle } from "../layers/arguments/constant-tensors.js";
import { withSignature } from "../layers/call-of-shared.js";
import type { LayerDefinition } from "../layers/registry.js";
import { LayerError } from "./finding.js";
import { distinctTensors } from "./distinct-tensors.js";
import type { CallArgument, LayerCall } from "./graph.js";

/**
 * Calls a layer on the symbolic tensors of one saved call, in the order of `referencesOf`. A layer of ours learns
 * from the call's structure which tensor is which argument.
 */
export function applyCall(
  layer: tf.layers.Layer,
  call: LayerCall,
  inputs: readonly tf.SymbolicTensor[],
  definition: LayerDefinition | null,
): tf.SymbolicTensor[] {
  const ordered = inPlace(call, inputs, definition);
  if (ordered.tensors.length === 0) throw withoutInputs();
  const target = isSigned(layer) ? withSignature(layer, call.nodeIndex, ordered.signature) : layer;
  const output = underTensorName(target, () => {
    const tensors = distinctTensors(ordered.tensors, `${target.name}_input`);
    return target.apply(tensors.length === 1 ? tensors[0]! : tensors);
  });
  const outputs = (Array.isArray(output) ? output : [output]) as tf.SymbolicTensor[];
  const dtype = layer instanceof ComputedLayer ? layer.computation.outputDtype : undefined;
  // tfjs takes every output for float32.
  if (dtype) for (const tensor of outputs) Object.assign(tensor, { dtype });
  return outputs;
}

/** Keras 2 saves one positional argument of a function's call: `tf.einsum` loses its operands. */
function withoutInputs(): LayerError {
  return new LayerError(
    "G01",
    "inbound_nodes",
    "a call of the layer has no tensor",
    "of the positional arguments of a function, Keras 2 writes only the first into a file: what the layer was called on is lost, and Keras does not open the file either",
    "Build the model anew with a layer in its place, or with the tensors named in the call, and save it again.",
  );
}

/** Named tensors that stand for positional arguments go to their places: `key=k` of an attention layer. */
function inPlace(
  call: LayerCall,
  inputs: readonly tf.SymbolicTensor[],
  definition: LayerDefinition | null,
): { tensors: tf.SymbolicTensor[]; signature: CallSignature } {
  const counts = [...call.args, ...Object.values(call.kwargs)].map(tensorCount);
  const parts = counts.map((count, i) => {
    const from = counts.slice(0, i).reduce((a, b) => a + b, 0);
    return inputs.slice(from, from + count);
  });
  const args = call.args.map((argument, i) => ({ argument, tensors: parts[i]! }));
  const named = Object.entries(call.kwargs).map(([key, argument], i) => ({
    key,
    argument,
    tensors: parts[call.args.length + i]!,
  }));
  const names = definition?.callArguments ?? ["inputs"];
  for (let i = args.length; i < names.length; i++) {
    // The first argument may be called anything: `inputs`, `sequences`, `x`.
    const at = named.findIndex(
      ({ key, argument, tensors }) =>
        (tensors.length > 0 && (i === 0 || key === names[i])) || (key === names[i] && isNumbers(argument)),
    );
    if (at < 0) break;
    args.push(named.splice(at, 1)[0]!);
  }
  // What stands beyond the tensors of a layer is a named argument given by its place: `softmax(x, mask)`.
  const places = definition?.ownPlaces ? Infinity : names.length;
  const beyond = definition?.namedArguments ? args.splice(places) : [];
  beyond.forEach((part, i) => named.push({ ...part, key: definition?.namedArguments?.[i] ?? `${i}` }));
  return {
    tensors: [...args, ...named].flatMap(({ tensors }) => tensors),
    signature: {
      args: args.map(({ argument }, i) => (i < places ? numbersAsTensors(argument) : argument)),
      kwargs: Object.fromEntries(named.map(({ key, argument }) => [key, argument])),
    },
  };
}

/** Numbers in the place of a tensor, alone or among others, marked as such. */
function numbersAsTensors(argument: CallArgument): CallArgument {
  if (argument.kind === "list") return { kind: "list", items: argument.items.map(numbersAsTensors) };
  return isNumbers(argument) ? { ...argument, tensor: true } : argument;
}

function isNumbers(argument: CallArgument): argument is CallArgument & { kind: "constant" } {
  return argument.kind === "constant" && rectangle(argument.value) !== null;
}

function tensorCount(argument: CallArgument): number {
  switch (argument.kind) {
    case "tensor":
      return 1;
    case "list":
      return argument.items.reduce((count, item) => count + tensorCount(item), 0);
    case "dict":
      return Object.values(argument.items).reduce((count, item) => count + tensorCount(item), 0);
    case "constant":
      return 0;
  }
}

/**
 * tfjs names tensors and variables after the layer and refuses most characters there; Keras allows any. So a layer
 * bears a plain name while it is called.
 */
export function underTensorName<T>(layer: tf.layers.Layer, run: () => T): T {
  const name = layer.name;
  layer.name = tensorName(name);
  try {
    return run();
  } finally {
    layer.name = name;
  }
}

export function tensorName(name: string): string {
  const plain = name.replace(/[^-A-Za-z0-9._/]/g, "_");
  return /^[A-Za-z0-9]/.test(plain) ? plain : `layer${plain}`;
}
