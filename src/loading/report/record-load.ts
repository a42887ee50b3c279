import { JUPYTER_DISPLAY } from "../../display/bundle.js";
import type { LoadedGraph } from "../../graph/loaded-graph.js";
import { masksStopAtStates } from "../../keras/implicit-masks.js";
import type { LayerSpec } from "../../keras/graph.js";
import { eachLayer } from "../../keras/read-graph.js";
import { recordParts } from "../../saving/saved-model-parts.js";
import { registeredDefinition } from "../custom/definitions.js";
import { publicClasses } from "../custom/public-classes.js";
import { warnOfStubs } from "../drafts/stub-warning.js";
import { graphAsLoaded } from "../graph-rung/graph-as-loaded.js";
import type { Problem } from "../problem.js";
import { isLambda, writtenLambdas } from "../problems/unknown-lambda.js";
import type { Work } from "../work.js";
import { chosenFor, stubText } from "./layer-marks.js";
import { fileName } from "../../notation.js";
import { type FileReport, type LayerMark, type ModelOrigin, REGISTERED } from "./report.js";
import { recordGraph } from "./summarize-graph.js";
import { recordLayer, recordOrigin } from "./summarize.js";

/**
 * Keeps with a model that stands what its summary, its predictions and its saving have to know of its load, and closes
 * the file.
 */
export function recordLoad(work: Work, settled: readonly Problem[], notes: readonly string[]): void {
  const origin: ModelOrigin = { file: fileReport(work), rung: work.rung ?? "layers", settled, notes };
  if (work.runnable) {
    // Parts that no signature uses are read when they are asked for, so the file stays open.
    recordGraph(work.runnable, fileName(work.path), origin);
    showAsSummary(work.runnable);
    return;
  }
  const { connection, graph, model, file } = work;
  for (const spec of eachLayer(graph!)) {
    const layer = connection!.layers.get(spec.path);
    if (layer) recordLayer(layer, spec.className, markOf(spec, work, settled));
  }
  recordOrigin(model!, origin);
  warnOfStubs(model!, fileName(work.path), settled);
  recordParts(model!, {
    graph: graphAsLoaded(work),
    layers: connection!.layers,
    trainingConfig: file!.trainingConfig,
    origin: work.origin!,
    lambdas: writtenLambdas(work),
    classes: publicClasses(work),
    masksStopAtStates: masksStopAtStates(work.origin!),
  });
  recordLayer(model!, graph!.className, null);
  file!.close();
}

/** A graph that is the result of a cell shows its scopes, as a model its layers. */
function showAsSummary(graph: LoadedGraph): void {
  const value = async () => {
    const { showSummary } = await import("../../display/summary/show-summary.js");
    return (await showSummary(graph)).data;
  };
  Object.defineProperty(graph, JUPYTER_DISPLAY, { value });
}

function markOf(spec: LayerSpec, work: Work, settled: readonly Problem[]): LayerMark | null {
  const stub = stubText(spec, work, settled);
  if (stub !== null) return { kind: "stub", fidelity: "stub", detail: stub };
  if (registeredDefinition(spec) !== null)
    return { kind: "custom", fidelity: "equivalent", detail: REGISTERED };
  const made = chosenFor(spec, work);
  if (made?.remedy === "saved-model") {
    const fidelity = work.outside?.get(spec.path)?.weights === "others" ? "approximate" : "exact";
    return { kind: "custom", fidelity, detail: `runs ${made.argument ?? "a SavedModel"}` };
  }
  return made?.remedy === "translate" && isLambda(spec)
    ? { kind: "translated", fidelity: "equivalent", detail: "translated from its Python bytecode" }
    : null;
}

export function fileReport({ path, opened = path, file }: Work): FileReport {
  return {
    path: opened,
    format: file?.format ?? null,
    kerasVersion: file?.kerasVersion ?? null,
    backend: file?.backend ?? null,
    size: file?.size ?? null,
  };
}
