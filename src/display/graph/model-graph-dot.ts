import { count, plural, printable, shapeText } from "../../notation.js";
import type { DiagramNode } from "../../loading/report/diagram.js";
import type { Box, FoldedDiagram } from "./graph-fold.js";

/** Lines of a shared box before the rest is counted. */
const SHOWN = 8;

/** A box, or a frame, of the folded diagram by its name in Graphviz's language. */
export const boxName = (index: number) => `n${index}`;
export const frameName = (index: number) => `cluster_${index}`;

/**
 * A folded diagram in Graphviz's language (DOT), for its layout. Everything that a file names is escaped: it stands in
 * labels only, names are numbers.
 */
export function diagramDot(diagram: FoldedDiagram): string {
  return [
    "digraph {",
    "rankdir=TB; nodesep=0.3; ranksep=0.32; pad=0.1;",
    'node [shape=box, fontname="Arial", fontsize=11, margin="0.14,0.07"];',
    "edge [arrowsize=0.65];",
    ...groups(null, diagram),
    ...diagram.arrows.map(([tail, head]) => `${boxName(tail)} -> ${boxName(head)};`),
    "}",
  ].join("\n");
}

/** The boxes of an open nested model stand in a frame with its name. */
function groups(parent: string | null, diagram: FoldedDiagram): string[] {
  const own = diagram.boxes.flatMap((box, i) =>
    box.parent === parent ? [`${boxName(i)} [label=<${boxLabel(box)}>];`] : [],
  );
  const inner = diagram.frames.flatMap((frame, i) =>
    frame.parent === parent
      ? [
          `subgraph ${frameName(i)} {`,
          `label=<${table(rows(frame, "left"))}>; fontname="Arial"; fontsize=11; margin=12; labeljust=l;`,
          ...groups(frame.id, diagram),
          "}",
        ]
      : [],
  );
  return [...own, ...inner];
}

function boxLabel({ nodes, kind }: Box): string {
  const shown = nodes.length > SHOWN + 1 ? nodes.slice(0, SHOWN) : nodes;
  const lines = shown.flatMap((node) => rows(node, nodes.length === 1 ? "center" : "left", kind === "model"));
  if (shown.length < nodes.length)
    lines.push(row(small(plural(nodes.length - shown.length, "more layer")), "left"));
  return table(lines);
}

type Align = "left" | "center";

/** Lines with room between them: the underscore of a name does not strike through what stands below it. */
function table(lines: readonly string[]): string {
  return `<table border="0" cellborder="0" cellspacing="0" cellpadding="1">${lines.join("")}</table>`;
}

function row(line: string, align: Align): string {
  return `<tr><td align="${align}">${line}<br align="left"/></td></tr>`;
}

/** Name, and below it class, shapes and parameters; what is wrong with it in words. */
function rows(
  { label, className, shapes, parameters, kind, mark, fails }: DiagramNode,
  align: Align,
  isClosed = false,
): string[] {
  const facts = [
    className,
    ...shapes.slice(0, 2).map(shapeText),
    parameters > 0 ? `${count(parameters)} parameters` : "",
    mark === null ? "" : mark.kind,
    isClosed ? "folded" : "",
  ].filter((part) => part !== "");
  const name =
    kind === "input" || kind === "output" ? `<i>${escaped(label)}</i>` : `<b>${escaped(label)}</b>`;
  const lines = [name, small(facts.join(" · ")), fails === undefined ? "" : small(`✗ ${fails}`)];
  return lines.filter((line) => line !== "").map((line) => row(line, align));
}

function small(text: string): string {
  return text === "" ? "" : `<font point-size="9">${escaped(text)}</font>`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escaped(text: string): string {
  return printable(text, 64).replaceAll(/[&<>"]/g, (character) => ENTITIES[character]!);
}
