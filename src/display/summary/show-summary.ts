import * as tf from "@tensorflow/tfjs";
import { isLoadedGraph, summarizeGraph } from "../../loading/report/summarize-graph.js";
import { summarize } from "../../loading/report/summarize.js";
import type { LoadedGraph } from "../../graph/loaded-graph.js";
import type { MimeBundle } from "../bundle.js";
import { smallModelDetails } from "./describe-layer.js";
import { summaryBundle } from "./model-summary.js";
import { rememberShown } from "../shown-values.js";

/** The layer table of a model or a graph of this process, with what its rows open to. */
export async function showSummary(model: tf.LayersModel | LoadedGraph): Promise<MimeBundle> {
  if (isLoadedGraph(model)) return summaryBundle(summarizeGraph(model));
  const summary = summarize(model);
  const paths = summary.layers.map(({ path }) => path);
  return summaryBundle(summary, {
    details: await smallModelDetails(model, paths),
    model: rememberShown(model),
  });
}
