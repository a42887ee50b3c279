import { count, shapeText, visible } from "../loading/notation.js";
import type { DiagramNode, ModelDiagram } from "../loading/diagram.js";

/** One line for each box, in the order in which they run, with what each is called on. */
export function diagramText({ name, className, parameters, nodes, edges }: ModelDiagram): string {
  const labels = new Map(nodes.map(({ id, label }) => [id, label]));
  const depth = depths(nodes);
  const lines = nodes.map((node) => {
    const from = edges.filter(({ to }) => to === node.id).map((edge) => labels.get(edge.from) ?? edge.from);
    const shape = node.shapes.map(shapeText).join(", ");
    const parts = [
      visible(node.className),
      shape,
      node.parameters > 0 ? `${count(node.parameters)} parameters` : "",
    ];
    const source = from.length > 0 ? `  <- ${from.map(visible).join(", ")}` : "";
    return `${"  ".repeat(depth.get(node.id)!)}${visible(node.label)}  ${parts.filter((part) => part !== "").join("  ")}${source}`;
  });
  return [`${visible(name)} (${visible(className)}), ${count(parameters)} parameters`, ...lines].join("\n");
}

function depths(nodes: readonly DiagramNode[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const { id, parent } of nodes) found.set(id, parent === null ? 0 : (found.get(parent) ?? 0) + 1);
  return found;
}
