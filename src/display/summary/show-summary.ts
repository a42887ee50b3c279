import * as tf from "@tensorflow/tfjs";
import { isLoadedGraph, summarizeGraph } from "../../loading/report/summarize-graph.js";
import { summarize } from "../../loading/report/summarize.js";
import type { LoadedGraph } from "../../graph/loaded-graph.js";
import type { MimeBundle } from "../bundle.js";
import { smallModelDetails } from "./describe-layer.js";
import { summaryBundle } from "./model-summary.js";
import { rememberShown } from "../shown-values.js";

/**
 * The layer table of a model or a graph of this process, with what its rows open to.
 * @param variable of the notebook that holds it; null where none is known
 */
export async function showSummary(
  model: tf.LayersModel | LoadedGraph,
  variable: string | null = null,
): Promise<MimeBundle> {
  if (isLoadedGraph(model)) return summaryBundle(summarizeGraph(model), { variable });
  const summary = summarize(model);
  const paths = summary.layers.map(({ path }) => path);
  return summaryBundle(summary, {
    details: await smallModelDetails(model, paths),
    model: rememberShown(model),
    variable,
  });
}
