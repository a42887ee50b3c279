import { instance } from "@viz-js/viz";
import type { ModelDiagram } from "../loading/model-diagram.js";
import { MODEL_GRAPH, type MimeBundle } from "./bundle.js";
import { diagramDot } from "./model-graph-dot.js";
import { diagramText } from "./model-graph-text.js";

const FONTS = "Arial,Helvetica,Liberation Sans,sans-serif";

/** Beyond this a picture is no help, and its layout takes minutes. */
const MOST_BOXES = 600;

/**
 * A model drawn for Jupyter: SVG by Graphviz (compiled to WebAssembly), plain text, and the diagram itself as JSON,
 * which a front end may draw as it likes.
 */
export async function modelGraphBundle(diagram: ModelDiagram): Promise<MimeBundle> {
  const text = diagramText(diagram);
  const { dot, boxes } = diagramDot(diagram);
  const data = { "text/plain": text, [MODEL_GRAPH]: diagram };
  if (boxes > MOST_BOXES) return { data, metadata: {} };
  const viz = await instance();
  const svg = viz.renderString(dot, { format: "svg" });
  // Graphviz knows the widths of one font; what is shown may be any that is like it.
  const picture = svg.slice(svg.indexOf("<svg")).replaceAll('font-family="Arial"', `font-family="${FONTS}"`);
  return { data: { ...data, "image/svg+xml": picture }, metadata: {} };
}
