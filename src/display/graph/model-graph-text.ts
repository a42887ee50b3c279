import { count, shapeText, visible } from "../../notation.js";
import type { DiagramNode, ModelDiagram } from "../../loading/report/diagram.js";

/** One line for each box, in the order in which they run, with what each is called on and what is wrong with it. */
export function diagramText({ name, className, parameters, nodes, edges }: ModelDiagram): string {
  const labels = new Map(nodes.map(({ id, label }) => [id, label]));
  const depth = depths(nodes);
  const lines = nodes.map((node) => {
    const from = edges.filter(({ to }) => to === node.id).map((edge) => labels.get(edge.from) ?? edge.from);
    return `${"  ".repeat(depth.get(node.id)!)}${nodeText(node, from)}`;
  });
  const size = parameters > 0 ? `, ${count(parameters)} parameters` : "";
  return [`${visible(name)} (${visible(className)})${size}`, ...lines].join("\n");
}

function nodeText(node: DiagramNode, from: readonly string[]): string {
  const { label, className, shapes, parameters, mark, fails } = node;
  const parts = [
    visible(label),
    visible(className),
    shapes.map(shapeText).join(", "),
    parameters > 0 ? `${count(parameters)} parameters` : "",
    mark === null ? "" : `[${mark.kind}]`,
    from.length > 0 ? `<- ${from.map(visible).join(", ")}` : "",
    fails === undefined ? "" : `✗ ${visible(fails)}`,
  ];
  return parts.filter((part) => part !== "").join("  ");
}

function depths(nodes: readonly DiagramNode[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const { id, parent } of nodes) found.set(id, parent === null ? 0 : (found.get(parent) ?? 0) + 1);
  return found;
}
