import type { LoadedGraph } from "../../graph/loaded-graph.js";
import type { LayerReport, ModelOrigin, ModelSummary } from "./report.js";

const origins = new WeakMap<LoadedGraph, { name: string; origin: ModelOrigin }>();

/** Remembers where a graph came from. */
export function recordGraph(graph: LoadedGraph, name: string, origin: ModelOrigin): void {
  origins.set(graph, { name, origin });
}

/** Whether a value is a graph that a session loaded. */
export function isLoadedGraph(value: unknown): value is LoadedGraph {
  return typeof value === "object" && value !== null && origins.has(value as LoadedGraph);
}

/** A graph as a table: its inputs, its ops by the scope of their names, its outputs. */
export function summarizeGraph(graph: LoadedGraph): ModelSummary {
  const known = origins.get(graph);
  const row =
    (className: string) =>
    (spec: LoadedGraph["inputs"][number]): LayerReport => ({
      path: spec.name,
      name: spec.name,
      depth: 0,
      className: `${className} ${spec.dtype}`,
      outputShapes: spec.shape === null ? [] : [spec.shape],
      parameters: 0,
      trainable: false,
      connectedTo: [],
      mark: null,
    });
  const tensors = (specs: LoadedGraph["inputs"]) =>
    specs.flatMap(({ name, shape }) => (shape === null ? [] : [{ name, shape }]));
  return {
    name: known?.name ?? "graph",
    className: graph.signature === null ? "graph" : `signature ${graph.signature}`,
    origin: known?.origin ?? null,
    inputs: tensors(graph.inputs),
    outputs: tensors(graph.outputs),
    layers: [
      ...graph.inputs.map(row("input")),
      ...graph.scopes.map(scopeRow),
      ...graph.outputs.map(row("output")),
    ],
    parameters: {
      total: graph.parameters,
      trainable: 0,
      nonTrainable: graph.parameters,
      bytes: graph.parameters * 4,
    },
  };
}

/** Kinds of ops that a row names before it counts the rest. */
const SHOWN_KINDS = 4;

function scopeRow({ name, kinds, parameters }: LoadedGraph["scopes"][number]): LayerReport {
  const more = kinds.length > SHOWN_KINDS ? `, ${kinds.length - SHOWN_KINDS} more` : "";
  return {
    path: name,
    name,
    depth: 0,
    className: kinds.slice(0, SHOWN_KINDS).join(", ") + more,
    outputShapes: [],
    parameters,
    trainable: false,
    connectedTo: [],
    mark: null,
  };
}
