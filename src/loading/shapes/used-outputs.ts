import type { LayerSpec } from "../../keras/graph.js";
import { referencesOf, structureReferences } from "../../keras/read-functional.js";
import { locate } from "../report/evidence.js";
import type { Work } from "../work.js";

/** How many outputs of a layer the layers behind it and the model itself take; 1 where nothing takes any. */
export function usedOutputs(spec: LayerSpec, { graph: root }: Pick<Work, "graph">): number {
  const graph = root && locate(root, spec.path)?.graph;
  if (!graph) return 1;
  const taken = [...graph.calls.flatMap(referencesOf), ...structureReferences(graph.outputs)];
  const places = taken.filter(({ layer }) => layer === spec.name).map(({ tensorIndex }) => tensorIndex);
  return Math.max(0, ...places) + 1;
}
