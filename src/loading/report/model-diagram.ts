import type { LoadedGraph } from "../../graph/loaded-graph.js";
import type { DiagramEdge, DiagramNode, ModelDiagram } from "./diagram.js";
import type { LayerReport, ModelSummary } from "./report.js";
import { summarizeGraph } from "./summarize-graph.js";

/** The layers of a model and what they are called on; nested models hold theirs. */
export function layerDiagram(summary: ModelSummary): ModelDiagram {
  const parents = parentsOf(summary.layers);
  const inside = new Map<string | null, LayerReport[]>();
  for (const layer of summary.layers) {
    const parent = parents.get(layer.path)!;
    inside.set(parent, [...(inside.get(parent) ?? []), layer]);
  }
  const nodes = summary.layers.map((layer) => layerNode(layer, parents.get(layer.path)!, inside));
  const edges = [...inside.values()].flatMap((layers) =>
    layers.flatMap((layer) => edgesInto(layer, layers, inside)),
  );
  return {
    name: summary.name,
    className: summary.className,
    parameters: summary.parameters.total,
    ...withInputs(summary, nodes, edges),
  };
}

/** The path of the nested model that each layer is part of: the last one above it that is less deep. */
function parentsOf(layers: readonly LayerReport[]): Map<string, string | null> {
  const open: string[] = [];
  return new Map(
    layers.map(({ path, depth }) => {
      open.length = depth;
      const parent = open.at(-1) ?? null;
      open.push(path);
      return [path, parent];
    }),
  );
}

function layerNode(
  { path, name, className, outputShapes, parameters, mark }: LayerReport,
  parent: string | null,
  inside: ReadonlyMap<string | null, readonly LayerReport[]>,
): DiagramNode {
  const kind = inside.has(path) ? "model" : className === "InputLayer" ? "input" : "layer";
  return { id: path, label: name, className, kind, parent, shapes: outputShapes, parameters, mark };
}

type Inside = ReadonlyMap<string | null, readonly LayerReport[]>;

function edgesInto(layer: LayerReport, beside: readonly LayerReport[], inside: Inside): DiagramEdge[] {
  return layer.connectedTo.flatMap((name) => {
    const source = beside.find((other) => other.name === name);
    const from = source === undefined ? [`${parentPath(layer)}${name}`] : lasts(source, inside);
    return from.flatMap((tail) => firsts(layer, inside).map((head) => ({ from: tail, to: head })));
  });
}

function parentPath({ path, name }: LayerReport): string {
  return path.slice(0, path.length - name.length);
}

/** Where an arrow into a nested model ends: at its inputs. */
function firsts(layer: LayerReport, inside: Inside): string[] {
  const own = inside.get(layer.path);
  if (own === undefined) return [layer.path];
  const inputs = own.filter(({ className }) => className === "InputLayer");
  return (inputs.length > 0 ? inputs : own.slice(0, 1)).flatMap((first) => firsts(first, inside));
}

/** Where an arrow out of a nested model begins: at what nothing inside is called on. */
function lasts(layer: LayerReport, inside: Inside): string[] {
  const own = inside.get(layer.path);
  if (own === undefined) return [layer.path];
  const used = new Set(own.flatMap(({ connectedTo }) => connectedTo));
  return own.filter(({ name }) => !used.has(name)).flatMap((last) => lasts(last, inside));
}

/** A Sequential does not list its input: it is drawn where something is called on it. */
function withInputs(
  summary: ModelSummary,
  nodes: readonly DiagramNode[],
  edges: readonly DiagramEdge[],
): Pick<ModelDiagram, "nodes" | "edges"> {
  const known = new Set(nodes.map(({ id }) => id));
  const inside = new Set(nodes.flatMap(({ kind, id }) => (kind === "model" ? [`${id}/`] : [])));
  const missing = [...new Set(edges.map(({ from }) => from).filter((id) => !known.has(id)))];
  // That of a nested one is where the arrows into it end.
  const own = missing.filter((id) => !inside.has(id.slice(0, id.lastIndexOf("/") + 1)));
  const added = own.map((id, i): DiagramNode => {
    const shape = summary.inputs[i]?.shape;
    return {
      id,
      label: id,
      className: "InputLayer",
      kind: "input",
      parent: null,
      shapes: shape === undefined ? [] : [shape],
      parameters: 0,
      mark: null,
    };
  });
  const drawn = new Set([...known, ...own]);
  return { nodes: [...added, ...nodes], edges: edges.filter(({ from }) => drawn.has(from)) };
}

/** The scopes of a graph's ops and what flows between them. */
export function graphDiagram(graph: LoadedGraph): ModelDiagram {
  const { name, className } = summarizeGraph(graph);
  const plain = { parent: null, mark: null };
  const ends = (kind: "input" | "output") =>
    (kind === "input" ? graph.inputs : graph.outputs).map((spec): DiagramNode => ({
      ...plain,
      id: `${kind} ${spec.name}`,
      label: spec.name,
      className: spec.dtype,
      kind,
      shapes: spec.shape === null ? [] : [spec.shape],
      parameters: 0,
    }));
  const groups = groupsOf(graph.scopes.map((scope) => scope.name));
  const scopes = graph.scopes.map((scope): DiagramNode => ({
    ...plain,
    parent: parentGroup(scope.name, groups),
    id: `scope ${scope.name}`,
    label: scope.name,
    className: shownKinds(scope.kinds),
    kind: "layer",
    shapes: [],
    parameters: scope.parameters,
  }));
  return {
    name,
    className,
    parameters: graph.parameters,
    nodes: [
      ...ends("input"),
      ...groups.map((group) => groupNode(group, groups)),
      ...scopes,
      ...ends("output"),
    ],
    edges: graph.connections.map(({ from, to }) => ({
      from: `${from.kind} ${from.name}`,
      to: `${to.kind} ${to.name}`,
    })),
  };
}

/** Prefixes that several scopes have, but not all: `encoder/block_1` of `encoder/block_1/attention`; outer ones first. */
function groupsOf(scopes: readonly string[]): string[] {
  const sizes = new Map<string, number>();
  for (const scope of scopes)
    for (let at = scope.indexOf("/"); at !== -1; at = scope.indexOf("/", at + 1)) {
      const prefix = scope.slice(0, at);
      sizes.set(prefix, (sizes.get(prefix) ?? 0) + 1);
    }
  const several = [...sizes].filter(([, size]) => size > 1 && size < scopes.length * 0.9);
  // One inside another with the same scopes says nothing more.
  const told = several.filter(
    ([prefix, size]) => !several.some(([other, inner]) => inner === size && other.startsWith(`${prefix}/`)),
  );
  return told.map(([prefix]) => prefix).sort((a, b) => a.length - b.length);
}

function parentGroup(name: string, groups: readonly string[]): string | null {
  const group = groups.findLast((prefix) => name.startsWith(`${prefix}/`));
  return group === undefined ? null : `group ${group}`;
}

function groupNode(name: string, groups: readonly string[]): DiagramNode {
  return {
    id: `group ${name}`,
    label: name,
    className: "scope",
    kind: "model",
    parent: parentGroup(name, groups),
    shapes: [],
    parameters: 0,
    mark: null,
  };
}

function shownKinds(kinds: readonly string[]): string {
  return kinds.length > 3 ? `${kinds.slice(0, 3).join(", ")}, ${kinds.length - 3} more` : kinds.join(", ");
}
