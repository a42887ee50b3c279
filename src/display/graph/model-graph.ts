import type { ModelDiagram } from "../../loading/report/diagram.js";
import { MODEL_GRAPH, type MimeBundle } from "../bundle.js";
import { firstFold, type Fold } from "./graph-fold.js";
import type { GraphLayout, ShownDiagram } from "./graph-layout.js";
import { layoutGraph } from "./layout-graph.js";
import { graphSvg } from "./graph-svg.js";
import { html } from "../html.js";
import { diagramAlt, failing, graphHead } from "./graph-parts.js";
import { edged, STYLE } from "../style.js";
import { diagramText } from "./model-graph-text.js";

/**
 * A model drawn for Jupyter: HTML that holds a picture, plain text, and the diagram itself as JSON. No `image/svg+xml`:
 * an output with that and no PNG makes the export to PDF fail where Inkscape is missing.
 * @param model its id, where the process answers for it
 */
export async function modelGraphBundle(
  diagram: ModelDiagram,
  model: string | null = null,
): Promise<MimeBundle> {
  const layouts: GraphLayout[] = [];
  for (const fold of foldsOf(diagram)) layouts.push(await layoutGraph(diagram, fold));
  const shown: ShownDiagram = { ...diagram, layouts, model };
  return {
    data: { "text/plain": diagramText(diagram), "text/html": graphHtml(shown), [MODEL_GRAPH]: shown },
    metadata: {},
  };
}

/** As it is shown at first; where it has nested models also with all of them closed, and with all open if that is not much. */
function foldsOf(diagram: ModelDiagram): Fold[] {
  const first = firstFold(diagram);
  const models = diagram.nodes.filter(({ kind }) => kind === "model").map(({ id }) => id);
  const others = [models, ...(diagram.nodes.length <= 200 ? [[]] : [])].map((closed) => ({
    closed,
    opened: [],
  }));
  return [first, ...others.filter(({ closed }) => closed.length !== first.closed.length)];
}

function graphHtml(diagram: ShownDiagram): string {
  const alt = diagramAlt(diagram);
  const [layout] = diagram.layouts;
  const svg = graphSvg(layout!, { alt }).text;
  return html`<div class="loadlab-graph-card" style="${edged(failing(diagram).length > 0 ? "warn" : "good")}">
    ${graphHead(diagram)}
    <div style="padding:8px 16px;${STYLE.scroll};text-align:center">
      <img
        src="data:image/svg+xml;base64,${base64(svg)}"
        alt="${alt}"
        width="${Math.round(layout!.width + 16)}"
        style="max-width:none"
      />
    </div>
    <div style="${STYLE.foot};border-top:1px solid rgba(128,128,128,0.28)">
      <details>
        <summary style="${STYLE.summary}">The same as text</summary>
        <pre style="${STYLE.bare};white-space:pre;overflow-x:auto">${diagramText(diagram)}</pre>
      </details>
    </div>
  </div>`.text;
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
