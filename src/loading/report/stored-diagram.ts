import type { LayerSpec, ModelGraph } from "../../keras/graph.js";
import { tensorsOf } from "./evidence.js";
import type { DiagramEdge, DiagramNode, ModelDiagram } from "./diagram.js";
import type { Problem } from "../problem.js";

/**
 * A model as its file describes it, before it stands: what is drawn while a load waits.
 * @param waiting problems; their layers are marked
 */
export function storedDiagram(graph: ModelGraph, waiting: readonly Problem[]): ModelDiagram {
  const fails = new Map<string, string>();
  for (const { where, title } of waiting)
    for (const layer of where.layers ?? [where.layer])
      if (layer !== undefined && !fails.has(layer)) fails.set(layer, title);
  return {
    name: graph.name,
    className: graph.className,
    parameters: 0,
    nodes: nodesOf(graph, null, fails),
    edges: edgesOf(graph),
  };
}

function nodesOf(
  graph: ModelGraph,
  parent: string | null,
  fails: ReadonlyMap<string, string>,
): DiagramNode[] {
  return graph.layers.flatMap((spec) => {
    const problem = fails.get(spec.path);
    const node: DiagramNode = {
      id: spec.path,
      label: spec.name,
      className: spec.className,
      kind: spec.model ? "model" : spec.className === "InputLayer" ? "input" : "layer",
      parent,
      shapes: [],
      parameters: 0,
      mark: null,
      ...(problem === undefined ? {} : { fails: problem }),
    };
    return [node, ...(spec.model ? nodesOf(spec.model, spec.path, fails) : [])];
  });
}

function edgesOf(graph: ModelGraph): DiagramEdge[] {
  const byName = new Map(graph.layers.map((spec) => [spec.name, spec]));
  const own = graph.calls.flatMap((call) => {
    const to = byName.get(call.layer);
    const from = new Set(tensorsOf(call));
    return [...from].flatMap((name) => {
      const source = byName.get(name);
      if (!to || !source) return [];
      return lasts(source).flatMap((tail) => firsts(to).map((head) => ({ from: tail, to: head })));
    });
  });
  return [...own, ...graph.layers.flatMap(({ model }) => (model ? edgesOf(model) : []))];
}

/** Where an arrow into a nested model ends: at its inputs. */
function firsts({ model, path }: LayerSpec): string[] {
  if (!model || model.layers.length === 0) return [path];
  const inputs = model.layers.filter(({ className }) => className === "InputLayer");
  return (inputs.length > 0 ? inputs : model.layers.slice(0, 1)).flatMap(firsts);
}

/** Where an arrow out of a nested model begins: at what nothing inside is called on. */
function lasts({ model, path }: LayerSpec): string[] {
  if (!model || model.layers.length === 0) return [path];
  const used = new Set(model.calls.flatMap(tensorsOf));
  return model.layers.filter(({ name }) => !used.has(name)).flatMap(lasts);
}
