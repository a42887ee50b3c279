import type { JsonValue } from "../formats/model-file.js";
import type { ModelGraph } from "./graph.js";
import { isObject, type JsonObject } from "./json.js";
import { readFunctional, referencesOf } from "./read-functional.js";
import type { Reading } from "./read-graph.js";

/** True for layers that say what they are called on: they are no chain, whatever is lost around them. */
export function areWired(layers: readonly JsonValue[]): boolean {
  return layers.some((layer) => {
    const nodes = isObject(layer) ? layer["inbound_nodes"] : null;
    return Array.isArray(nodes) && nodes.flat().length > 0;
  });
}

/**
 * A functional model whose config has lost the lists of its inputs and outputs: the inputs are its input layers, the
 * output is that of the one layer on which no other is called. Where there are several, the outputs are left to be
 * asked for.
 */
export function readWired(config: JsonObject, className: string, path: string, reading: Reading): ModelGraph {
  const graph = readFunctional({ ...config, input_layers: [], output_layers: [] }, className, path, reading);
  const outputOf = (layer: string) => ({ layer, nodeIndex: 0, tensorIndex: 0 });
  const calledOn = new Set(graph.calls.flatMap((call) => referencesOf(call).map(({ layer }) => layer)));
  const inputs = graph.layers
    .filter((layer) => layer.className === "InputLayer")
    .map(({ name }) => outputOf(name));
  const ends = graph.layers.filter(({ name }) => !calledOn.has(name)).map(({ name }) => outputOf(name));
  return {
    ...graph,
    inputs: inputs.length === 1 ? inputs[0]! : inputs,
    outputs: ends.length === 1 ? ends[0]! : [],
  };
}
