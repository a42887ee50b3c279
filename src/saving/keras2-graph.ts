import type { LayerCall, LayerSpec, ModelGraph, TensorRef } from "../keras/graph.js";
import { callKey } from "../keras/check-graph.js";
import { referencesOf, structureReferences } from "../keras/read-functional.js";
import { impliedMasks } from "./implied-masks.js";
import { keras2Functions } from "./keras2-functions.js";

/**
 * A graph as Keras 2 would have it, and the models nested in it: operations as functions of TensorFlow, masks unsaid, and
 * the layers in the order of its `model.layers`, which is the order in which it gives out the weights of a `.h5`.
 * @param masksStopAtStates whether the Keras of the graph hands no mask to a layer that is given its states
 */
export function keras2Graph(graph: ModelGraph, masksStopAtStates: boolean): ModelGraph {
  const visit = (spec: LayerSpec): LayerSpec => ({
    ...spec,
    model: spec.model && keras2Graph(spec.model, masksStopAtStates),
    inner: Object.fromEntries(
      Object.entries(spec.inner).map(([argument, specs]) => [argument, specs.map(visit)]),
    ),
  });
  const implied = keras2Functions(impliedMasks(graph, masksStopAtStates));
  return ordered({ ...implied, layers: implied.layers.map(visit) });
}

/** By depth, then by the order in which they are met from the outputs (tf_keras functional.py `_map_graph_network`). */
function ordered(graph: ModelGraph): ModelGraph {
  const { calls, met } = fromOutputs(graph);
  const depths = depthsOf(calls, graph);
  // An input that no output needs stands last; a layer that nothing calls is not Keras's to order.
  for (const { layer } of structureReferences(graph.inputs)) {
    if (!depths.has(layer)) depths.set(layer, 0);
    if (!met.has(layer)) met.set(layer, -1);
  }
  const place = (name: string) => [-(depths.get(name) ?? -1), met.get(name) ?? Infinity] as const;
  const layers = graph.layers.toSorted((a, b) => {
    const [one, other] = [place(a.name), place(b.name)];
    return one[0] - other[0] || one[1] - other[1] || 0;
  });
  return { ...graph, layers };
}

/** The calls from the inputs to the outputs, and the number with which each layer is first met on the way back. */
function fromOutputs(graph: ModelGraph): { calls: LayerCall[]; met: Map<string, number> } {
  const byKey = new Map(graph.calls.map((call) => [callKey(call), call]));
  const met = new Map<string, number>();
  const calls: LayerCall[] = [];
  const begun = new Set<LayerCall>();
  const meet = ({ layer }: TensorRef) => {
    if (!met.has(layer)) met.set(layer, met.size);
  };
  for (const output of structureReferences(graph.outputs)) {
    const open = [{ call: visited(output), next: 0 }];
    while (open.length > 0) {
      const top = open.at(-1)!;
      const ref = top.call && argumentsOf(top.call)[top.next++];
      if (ref) open.push({ call: visited(ref), next: 0 });
      else {
        open.pop();
        if (top.call) calls.push(top.call);
      }
    }
  }
  return { calls, met };

  function visited(ref: TensorRef): LayerCall | null {
    const call = byKey.get(callKey({ layer: ref.layer, nodeIndex: ref.nodeIndex }));
    if (call && begun.has(call)) return null;
    meet(ref);
    if (call) begun.add(call);
    return call ?? null;
  }
}

/** As Keras 2 flattens them: named arguments by their names. */
function argumentsOf(call: LayerCall): TensorRef[] {
  const named = Object.entries(call.kwargs).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return referencesOf({ ...call, kwargs: Object.fromEntries(named) });
}

/** How far each layer is from the outputs: as far as the deepest of its calls. */
function depthsOf(calls: readonly LayerCall[], graph: ModelGraph): Map<string, number> {
  const inputs = new Set(
    graph.layers.filter(({ className }) => className === "InputLayer").map(({ name }) => name),
  );
  const ofCalls = new Map<string, number>();
  const ofLayers = new Map<string, number>();
  for (const call of calls.toReversed()) {
    const depth = Math.max(ofCalls.get(callKey(call)) ?? 0, ofLayers.get(call.layer) ?? 0);
    ofLayers.set(call.layer, depth);
    for (const ref of referencesOf(call)) {
      const key = callKey({ layer: ref.layer, nodeIndex: ref.nodeIndex });
      ofCalls.set(key, Math.max(depth + 1, ofCalls.get(key) ?? 0));
      if (inputs.has(ref.layer)) ofLayers.set(ref.layer, Math.max(depth + 1, ofLayers.get(ref.layer) ?? 0));
    }
  }
  return ofLayers;
}
