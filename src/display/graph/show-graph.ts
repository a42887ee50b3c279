import type * as tf from "@tensorflow/tfjs";
import type { LoadedGraph } from "../../graph/loaded-graph.js";
import type { ModelDiagram } from "../../loading/report/diagram.js";
import { graphDiagram, layerDiagram } from "../../loading/report/model-diagram.js";
import { LoadSession } from "../../loading/session.js";
import { isLoadedGraph } from "../../loading/report/summarize-graph.js";
import { summarize } from "../../loading/report/summarize.js";
import type { MimeBundle } from "../bundle.js";
import { modelGraphBundle } from "./model-graph.js";
import { rememberShown } from "../shown-values.js";

/** What can be drawn: a model, a graph of operations, or a load that waits. */
export type Drawable = tf.LayersModel | LoadedGraph | LoadSession;

/** Null for a load that has read no architecture. */
export function diagramOf(value: Drawable): ModelDiagram | null {
  if (value instanceof LoadSession) return value.diagram();
  return isLoadedGraph(value) ? graphDiagram(value) : layerDiagram(summarize(value));
}

/** A model of this process as boxes and arrows; null for a load that has read no architecture. */
export async function showGraph(value: Drawable): Promise<MimeBundle | null> {
  const diagram = diagramOf(value);
  return diagram && modelGraphBundle(diagram, rememberShown(value));
}
