import type { DiagramEdge, DiagramNode, ModelDiagram } from "../../loading/report/diagram.js";

/** Up to so many boxes each layer has its own; beyond, layers in a row share one. */
const OWN_BOXES = 48;
/** A picture has no more boxes: what runs one after another shares one until it fits. */
const MOST_BOXES = 150;

/** What is folded, by ids: models that are drawn as one box, and shared boxes that are not shared. */
export interface Fold {
  readonly closed: readonly string[];
  readonly opened: readonly string[];
}

/** One box of the picture. */
export interface Box {
  /** Of its first node. */
  readonly id: string;
  /** `model`: a nested model, closed; `run`: layers that share a box. */
  readonly kind: "node" | "model" | "run";
  readonly nodes: readonly DiagramNode[];
  readonly parent: string | null;
}

/** A diagram as it is drawn: boxes, frames around those of open nested models, arrows between boxes. */
export interface FoldedDiagram {
  readonly boxes: readonly Box[];
  readonly frames: readonly DiagramNode[];
  readonly arrows: readonly (readonly [from: number, to: number])[];
}

/** How a diagram is first shown: nested models open as long as all fits, failing layers in sight. */
export function firstFold(diagram: ModelDiagram): Fold {
  const models = diagram.nodes.filter(({ kind }) => kind === "model");
  if (diagram.nodes.length - models.length <= OWN_BOXES) return { closed: [], opened: [] };
  const parents = new Map(diagram.nodes.map(({ id, parent }) => [id, parent]));
  const open = new Set<string | null>();
  for (const { id, fails } of diagram.nodes)
    if (fails !== undefined) for (let at = parents.get(id); at != null; at = parents.get(at)) open.add(at);
  return { closed: models.map(({ id }) => id).filter((id) => !open.has(id)), opened: [] };
}

export function foldDiagram(diagram: ModelDiagram, { closed, opened }: Fold): FoldedDiagram {
  const shownAs = placesOf(diagram.nodes, new Set(closed));
  const visible = diagram.nodes.filter(
    ({ id, kind }) => shownAs.get(id) === id && (kind !== "model" || closed.includes(id)),
  );
  const edges = visibleEdges(diagram.edges, shownAs);
  const boxes = share(visible, edges, new Set(opened)).map(boxOf);
  const places = new Map(boxes.flatMap(({ nodes }, i) => nodes.map(({ id }) => [id, i] as const)));
  const arrows = new Map<string, readonly [number, number]>();
  for (const { from, to } of edges) {
    const [tail, head] = [places.get(from), places.get(to)];
    if (tail !== undefined && head !== undefined && tail !== head)
      arrows.set(`${tail} ${head}`, [tail, head]);
  }
  const frames = diagram.nodes.filter(
    ({ id, kind }) => kind === "model" && shownAs.get(id) === id && !closed.includes(id),
  );
  return { boxes, frames, arrows: [...arrows.values()] };
}

/** By id, the outermost closed model that a node is in, or itself. */
function placesOf(nodes: readonly DiagramNode[], closed: ReadonlySet<string>): Map<string, string> {
  const parents = new Map(nodes.map(({ id, parent }) => [id, parent]));
  return new Map(
    nodes.map(({ id }) => {
      let place = id;
      const seen = new Set<string>();
      for (let at = parents.get(id); at != null && !seen.has(at); at = parents.get(at)) {
        seen.add(at);
        if (closed.has(at)) place = at;
      }
      return [id, place];
    }),
  );
}

function visibleEdges(edges: readonly DiagramEdge[], shownAs: ReadonlyMap<string, string>): DiagramEdge[] {
  return edges.flatMap(({ from, to }) => {
    const [tail, head] = [shownAs.get(from), shownAs.get(to)];
    return tail === undefined || head === undefined || tail === head ? [] : [{ from: tail, to: head }];
  });
}

/** Which nodes share a box. */
function share(
  nodes: readonly DiagramNode[],
  edges: readonly DiagramEdge[],
  opened: ReadonlySet<string>,
): (readonly DiagramNode[])[] {
  if (nodes.length <= OWN_BOXES) return nodes.map((node) => [node]);
  const chains = chainsOf(nodes, edges);
  const shared = chains.length <= MOST_BOXES ? chains : stretches(chains);
  return shared.flatMap((run) => (opened.has(run[0]!.id) ? run.map((node) => [node]) : [run]));
}

/** Layers in a row, each called on the one before alone and on nothing else. */
function chainsOf(nodes: readonly DiagramNode[], edges: readonly DiagramEdge[]): DiagramNode[][] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const [into, outOf] = [new Map<string, Set<string>>(), new Map<string, Set<string>>()];
  for (const { from, to } of edges) {
    into.set(to, (into.get(to) ?? new Set()).add(from));
    outOf.set(from, (outOf.get(from) ?? new Set()).add(to));
  }
  const nextOf = ({ id, parent, kind }: DiagramNode): DiagramNode | null => {
    const [next] = outOf.get(id)?.size === 1 ? outOf.get(id)! : [];
    const node = next === undefined ? undefined : byId.get(next);
    if (node === undefined || into.get(node.id)!.size !== 1 || node.parent !== parent) return null;
    return kind === "layer" && node.kind === "layer" && !alone(node) ? node : null;
  };
  const followers = new Set(nodes.flatMap((node) => (alone(node) ? [] : (nextOf(node) ?? []))));
  return nodes
    .filter((node) => !followers.has(node))
    .map((first) => {
      const chain = [first];
      if (alone(first)) return chain;
      for (let next = nextOf(first); next !== null && !chain.includes(next); next = nextOf(next))
        chain.push(next);
      return chain;
    });
}

/** What is to be seen stands in a box of its own. */
function alone({ fails, kind }: DiagramNode): boolean {
  return fails !== undefined || kind !== "layer";
}

/** Chains that follow each other in the model's order, put together until there are few enough. */
function stretches(chains: readonly (readonly DiagramNode[])[]): DiagramNode[][] {
  const length = Math.ceil(chains.length / (MOST_BOXES / 2));
  const found: { parts: number; nodes: DiagramNode[] }[] = [];
  for (const chain of chains) {
    const last = found.at(-1);
    const goesOn =
      last !== undefined &&
      last.parts < length &&
      last.nodes[0]!.parent === chain[0]!.parent &&
      !alone(chain[0]!) &&
      !alone(last.nodes[0]!);
    if (goesOn) {
      last.parts++;
      last.nodes.push(...chain);
    } else found.push({ parts: 1, nodes: [...chain] });
  }
  return found.map(({ nodes }) => nodes);
}

function boxOf(nodes: readonly DiagramNode[]): Box {
  const { id, kind, parent } = nodes[0]!;
  return { id, parent, nodes, kind: nodes.length > 1 ? "run" : kind === "model" ? "model" : "node" };
}
