import type { LayerCall, ModelGraph } from "../keras/graph.js";
import { referencesOf } from "../keras/read-functional.js";

/**
 * A graph without the masks that Keras 3 writes into it: Keras 2 passes them along by itself. Operations that made
 * nothing but masks go with them.
 */
export function impliedMasks(graph: ModelGraph): ModelGraph {
  const calls = graph.calls.map(withoutMask);
  const used = new Set(calls.flatMap((call) => referencesOf(call).map(({ layer }) => layer)));
  const makesMask = (name: string, className: string) => className === "NotEqual" && !used.has(name);
  const gone = new Set(
    graph.layers.filter(({ name, className }) => makesMask(name, className)).map(({ name }) => name),
  );
  return {
    ...graph,
    layers: graph.layers.filter(({ name }) => !gone.has(name)),
    calls: calls.filter(({ layer }) => !gone.has(layer)),
  };
}

function withoutMask(call: LayerCall): LayerCall {
  const kwargs = Object.fromEntries(Object.entries(call.kwargs).filter(([key]) => key !== "mask"));
  return { ...call, kwargs };
}
