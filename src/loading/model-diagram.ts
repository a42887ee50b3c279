import type { LoadedGraph } from "../graph/open-graph.js";
import type { LayerMark, LayerReport, ModelSummary } from "./report.js";
import { summarizeGraph } from "./summarize-graph.js";

/** A model as boxes and arrows, as plain JSON: what is drawn, and what travels to a front end. */
export interface ModelDiagram {
  readonly name: string;
  readonly className: string;
  readonly parameters: number;
  readonly nodes: readonly DiagramNode[];
  readonly edges: readonly DiagramEdge[];
}

export interface DiagramNode {
  /** Unique: a layer's path. */
  readonly id: string;
  readonly label: string;
  /** Class of the layer, or the kinds of ops of a scope. */
  readonly className: string;
  readonly kind: "input" | "layer" | "model" | "output";
  /** Id of the nested model that it is part of; null at the top. */
  readonly parent: string | null;
  /** One for each output; null for a dimension of any size. */
  readonly shapes: readonly (readonly (number | null)[])[];
  readonly parameters: number;
  readonly mark: LayerMark | null;
}

export interface DiagramEdge {
  readonly from: string;
  readonly to: string;
}

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
  const missing = [...new Set(edges.map(({ from }) => from).filter((id) => !known.has(id)))];
  const added = missing.map((id, i): DiagramNode => {
    const shape = summary.inputs[i]?.shape;
    const parent = id.includes("/") ? id.slice(0, id.lastIndexOf("/")) : null;
    return {
      id,
      label: id.slice(id.lastIndexOf("/") + 1),
      className: "InputLayer",
      kind: "input",
      parent: parent !== null && known.has(parent) ? parent : null,
      shapes: shape === undefined ? [] : [shape],
      parameters: 0,
      mark: null,
    };
  });
  return { nodes: [...added, ...nodes], edges };
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
  const scopes = graph.scopes.map((scope): DiagramNode => ({
    ...plain,
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
    nodes: [...ends("input"), ...scopes, ...ends("output")],
    edges: graph.connections.map(({ from, to }) => ({
      from: `${from.kind} ${from.name}`,
      to: `${to.kind} ${to.name}`,
    })),
  };
}

function shownKinds(kinds: readonly string[]): string {
  return kinds.length > 3 ? `${kinds.slice(0, 3).join(", ")}, ${kinds.length - 3} more` : kinds.join(", ");
}
