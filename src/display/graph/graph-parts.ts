import type { DiagramNode, ModelDiagram } from "../../loading/report/diagram.js";
import { count, plural, printable } from "../../notation.js";
import { html, type Html } from "../html.js";
import { STYLE, tag } from "../style.js";

/** The parts around the picture of a model that the static HTML and the live view share. */

/** Of the layers that are marked, so many are named above the picture. */
const MOST_TOLD = 4;

export function graphHead(diagram: ModelDiagram): Html {
  const wrong = failing(diagram);
  return html`<div style="${STYLE.head}">
      <div style="${STYLE.title}">
        ${printable(diagram.name)}
        <span style="${STYLE.muted};font-weight:400">${printable(diagram.className)}</span>
      </div>
      <div style="${STYLE.subtitle}">
        ${plural(diagram.nodes.length, "layer")}${diagram.parameters > 0 ? ` · ${count(diagram.parameters)} parameters` : ""}
      </div>
    </div>
    ${wrong
      .slice(0, MOST_TOLD)
      .map(
        ({ id, fails }) =>
          html`<div style="${STYLE.section}">
            <span style="${tag("warn")}">✗ ${printable(id, 100)}</span> ${printable(fails ?? "", 300)}
          </div>`,
      )}
    ${wrong.length > MOST_TOLD ? html`<div style="${STYLE.section}">and ${plural(wrong.length - MOST_TOLD, "other layer")} marked below</div>` : null}`;
}

/** The picture in a sentence. */
export function diagramAlt(diagram: ModelDiagram): string {
  const named = (kind: string) =>
    diagram.nodes
      .filter((node) => node.kind === kind && node.parent === null)
      .slice(0, 3)
      .map(({ label }) => printable(label, 40))
      .join(", ");
  const [inputs, outputs] = [named("input"), named("output")];
  const ends = `${inputs === "" ? "" : ` from ${inputs}`}${outputs === "" ? "" : ` to ${outputs}`}`;
  const wrong = failing(diagram).map(({ id }) => printable(id, 60));
  const where = wrong.length > 0 ? `; what is wrong is at ${wrong.join(", ")}` : "";
  return `Graph of ${printable(diagram.name, 60)}: ${plural(diagram.nodes.length, "layer")}${ends}${where}`;
}

/** The layers at which a load waits. */
export function failing({ nodes }: ModelDiagram): DiagramNode[] {
  return nodes.filter(({ fails }) => fails !== undefined);
}
