import { count, printable, shapeText } from "../loading/notation.js";
import type { DiagramEdge, DiagramNode, ModelDiagram } from "../loading/model-diagram.js";

/** Up to so many boxes each layer has its own; beyond, layers in a row share one. */
const OWN_BOXES = 48;
/** Lines of a shared box before the rest is counted. */
const SHOWN = 10;

/** Fills for kinds of layers: light, with dark text on them, so that they read on white and on black. */
const FILLS: readonly (readonly [RegExp, string])[] = [
  [/attention|lstm|gru|rnn|bidirectional|while/i, "#fbe3c0"],
  [/conv/i, "#cfe3f7"],
  [/norm/i, "#e6dcf5"],
  [/dense|einsum|matmul|embedding/i, "#d6efd8"],
  [/pool|upsampling|padding|cropping|resiz/i, "#fde0dc"],
  [/relu|activation|softmax|dropout|elu|sigmoid|tanh/i, "#fdf3c4"],
];
const PLAIN = "#eceff1";
const END = "#ffffff";
const STUB = "#ffd2cf";

/**
 * The diagram in Graphviz's language (DOT). Everything that a file names is escaped: it stands in labels only, ids are
 * numbers.
 */
export function diagramDot(diagram: ModelDiagram): { dot: string; boxes: number } {
  const drawn = diagram.nodes.filter(({ kind }) => kind !== "model");
  const chains = drawn.length > OWN_BOXES ? chainsOf(drawn, diagram.edges) : drawn.map((node) => [node]);
  const boxOf = new Map(chains.flatMap((chain, i) => chain.map(({ id }) => [id, `n${i}`] as const)));
  const clusters = diagram.nodes.filter(({ kind }) => kind === "model");
  const edges = new Set(
    diagram.edges.flatMap(({ from, to }) => {
      const [tail, head] = [boxOf.get(from), boxOf.get(to)];
      return tail === undefined || head === undefined || tail === head ? [] : [`${tail} -> ${head};`];
    }),
  );
  const lines = [
    "digraph {",
    'bgcolor="transparent"; rankdir=TB; nodesep=0.3; ranksep=0.32; pad=0.1;',
    'node [shape=box, style="filled,rounded", fontname="Arial", fontsize=11, color="#7d868c", fontcolor="#1c2326", margin="0.14,0.07"];',
    'edge [color="#8a9499", arrowsize=0.65];',
    ...groups(null, chains, clusters, boxOf),
    ...edges,
    "}",
  ];
  return { dot: lines.join("\n"), boxes: chains.length };
}

/** The boxes of a nested model stand in a frame with its name. */
function groups(
  parent: string | null,
  chains: readonly (readonly DiagramNode[])[],
  clusters: readonly DiagramNode[],
  boxOf: ReadonlyMap<string, string>,
): string[] {
  const own = chains
    .filter(([first]) => first!.parent === parent)
    .map((chain) => box(boxOf.get(chain[0]!.id)!, chain));
  const inner = clusters
    .filter((cluster) => cluster.parent === parent)
    .flatMap((cluster) => [
      `subgraph cluster_${clusters.indexOf(cluster)} {`,
      `label=<${title(cluster, "#8a9499")}>; fontname="Arial"; fontsize=11; fontcolor="#8a9499"; color="#a9b2b7"; style="rounded,dashed"; margin=12;`,
      ...groups(cluster.id, chains, clusters, boxOf),
      "}",
    ]);
  return [...own, ...inner];
}

/** Layers in a row, each called on the one before alone and on nothing else, in one box. */
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
    return kind === "layer" && node.kind === "layer" ? node : null;
  };
  const followers = new Set(nodes.flatMap((node) => nextOf(node) ?? []));
  return nodes
    .filter((node) => !followers.has(node))
    .map((first) => {
      const chain = [first];
      for (let next = nextOf(first); next !== null; next = nextOf(next)) chain.push(next);
      return chain;
    });
}

function box(id: string, chain: readonly DiagramNode[]): string {
  const shown = chain.length > SHOWN + 1 ? chain.slice(0, SHOWN) : chain;
  const rows = shown.map(
    (node) => `<tr><td align="${chain.length === 1 ? "center" : "left"}">${title(node)}</td></tr>`,
  );
  if (shown.length < chain.length)
    rows.push(`<tr><td align="left">${small(`${chain.length - shown.length} more`)}</td></tr>`);
  const label = `<table border="0" cellborder="0" cellspacing="0" cellpadding="1">${rows.join("")}</table>`;
  return `${id} [label=<${label}>, fillcolor="${fillOf(chain)}"];`;
}

/** Name, and below it class, shapes and parameters. */
function title({ label, className, shapes, parameters, kind, mark }: DiagramNode, muted = "#4a555b"): string {
  const facts = [
    className,
    ...shapes.slice(0, 2).map(shapeText),
    parameters > 0 ? `${count(parameters)} parameters` : "",
    mark === null ? "" : mark.kind,
  ].filter((part) => part !== "");
  const name =
    kind === "input" || kind === "output" ? `<i>${escaped(label)}</i>` : `<b>${escaped(label)}</b>`;
  return `${name}<br align="left"/>${small(facts.join("  "), muted)}<br align="left"/>`;
}

function small(text: string, color = "#4a555b"): string {
  return `<font point-size="9" color="${color}">${escaped(text)}</font>`;
}

function fillOf(chain: readonly DiagramNode[]): string {
  if (chain.some(({ mark }) => mark?.kind === "stub")) return STUB;
  if (chain[0]!.kind !== "layer") return END;
  for (const [pattern, fill] of FILLS)
    if (chain.some(({ className, label }) => pattern.test(`${label} ${className}`))) return fill;
  return PLAIN;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escaped(text: string): string {
  return printable(text, 64).replaceAll(/[&<>"]/g, (character) => ENTITIES[character]!);
}
