import { holdsGraph } from "../../formats/graph-contents.js";
import { FormatError } from "../../formats/model-file.js";
import { GraphError } from "../../graph/graph-error.js";
import { RevivedLayers } from "../../graph/revive-layers.js";
import type { LayerSpec } from "../../keras/graph.js";
import { eachLayer } from "../../keras/read-graph.js";
import type { LayerDefinition } from "../../layers/registry.js";
import type { Problem, Remedy } from "../problem.js";
import type { Work } from "../work.js";

/** Opens the functions that a SavedModel holds for its layers. A file without any, or a damaged one, has none. */
export async function openRevivedLayers(work: Work): Promise<void> {
  const file = work.file!;
  if (work.revived !== undefined || !holdsGraph(file)) return;
  try {
    work.revived = await RevivedLayers.open(file);
  } catch (error) {
    if (!(error instanceof GraphError) && !(error instanceof FormatError)) throw error;
    work.revived = null;
  }
}

/** A layer from the function that was saved with it; null where there is none. */
export function revivedDefinition(spec: LayerSpec, work: Work): LayerDefinition | null {
  try {
    return work.revived?.definition(spec.path) ?? null;
  } catch (error) {
    // A function that is damaged or refused revives nothing.
    if (error instanceof GraphError) return null;
    throw error;
  }
}

/** Whether a saved function runs a layer, or the recurrent layer or wrapper that holds it. */
function runsByFunction(spec: LayerSpec, work: Work): boolean {
  if (revivedDefinition(spec, work) !== null) return true;
  const around = [...eachLayer(work.graph!)].filter(
    ({ path, inner, model }) => !model && Object.keys(inner).length > 0 && spec.path.startsWith(`${path}/`),
  );
  return around.some((outer) => revivedDefinition(outer, work) !== null);
}

/** The problem of an unknown class whose layers run by their saved functions: settled, unless the user chooses else. */
export function withRevival(problem: Problem, specs: readonly LayerSpec[], work: Work): Problem {
  if (problem.applied !== null || specs.some((spec) => !runsByFunction(spec, work))) return problem;
  const remedy: Remedy = {
    id: "saved-function",
    title: "Run the function that TensorFlow saved with the layer",
    fidelity: "exact",
  };
  return { ...problem, remedies: [remedy, ...problem.remedies], applied: remedy, blocking: false };
}
