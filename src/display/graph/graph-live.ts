import { diagramAlt, failing, graphHead } from "./graph-parts.js";
import type { GraphLayout } from "./graph-layout.js";
import { graphSvg } from "./graph-svg.js";
import { html, type Html } from "../html.js";
import { diagramText } from "./model-graph-text.js";
import type { ShownDiagram } from "./graph-layout.js";
import { edged, STYLE } from "../style.js";

/** A model's picture as a front end shows it live: it folds, zooms and is saved as a file. */

export interface GraphState {
  readonly layout: GraphLayout;
  /** 1 is a point of the layout on each pixel. */
  readonly zoom: number;
  /** In words, what is going on; empty for nothing. */
  readonly status: string;
}

export function liveGraph(diagram: ShownDiagram, { layout, zoom, status }: GraphState): Html {
  const alt = diagramAlt(diagram);
  const button = (act: string, label: string, title = label) =>
    html`<button type="button" class="loadlab-button" data-act="${act}" title="${title}">${label}</button> `;
  const canFold = diagram.nodes.some(({ kind }) => kind === "model");
  return html`<div class="loadlab-graph-card" style="${edged(failing(diagram).length > 0 ? "warn" : "good")}">
    ${graphHead(diagram)}
    <div class="loadlab-tools" role="toolbar" aria-label="Picture">
      ${button("in", "Zoom in", "Zoom in (+)")}${button("out", "Zoom out", "Zoom out (−)")}${button("fit", "Fit", "Fit the width (0)")}
      ${canFold ? html`${button("fold", "Fold all")}${button("unfold", "Unfold all")}` : null}
      ${button("save", "Save as SVG")}
      <span class="loadlab-status" role="status">${status}</span>
    </div>
    <div
      class="loadlab-canvas"
      tabindex="0"
      role="region"
      aria-label="Picture of the model; arrow keys move it"
    >
      ${graphSvg(layout, { alt, zoom, live: true })}
    </div>
    <div style="${STYLE.foot};border-top:1px solid rgba(128,128,128,0.28)">
      <details>
        <summary style="${STYLE.summary}">The same as text</summary>
        <pre style="${STYLE.bare};white-space:pre;overflow-x:auto" tabindex="0">${diagramText(diagram)}</pre>
      </details>
    </div>
  </div>`;
}
