import type { LayerSpec, ModelGraph } from "../../keras/graph.js";
import type { Fidelity } from "../../layers/fidelity.js";
import type { Decision } from "../problem.js";
import type { Work } from "../work.js";

/** A change of the graph that a remedy makes, with what it changed. */
export interface Edited {
  readonly graph: ModelGraph;
  /** `units: 4 became 8` */
  readonly done: string;
  readonly fidelity: Fidelity;
}

/** Makes the change; null where the decision does not fit this graph (a recipe of another file). */
export type GraphEdit = (graph: ModelGraph, decision: Decision, work: Work) => Edited | null;

/** The graph with the layer at `path`, or all that `change` picks, in another form. */
export function mapLayers(graph: ModelGraph, change: (spec: LayerSpec) => LayerSpec): ModelGraph {
  const visit = (spec: LayerSpec): LayerSpec => {
    const inner = Object.fromEntries(
      Object.entries(spec.inner).map(([argument, specs]) => [argument, specs.map(visit)]),
    );
    return change({ ...spec, inner, model: spec.model && mapLayers(spec.model, change) });
  };
  return { ...graph, layers: graph.layers.map(visit) };
}
