/** The model library of loadlab: open a Keras model file, see what is wrong with it, load it. */
export * as tf from "@tensorflow/tfjs";
export { loadModel, openModel, type OpenOptions } from "./loading/open.js";
export type { LoadSession } from "./loading/session.js";
export { LoadError } from "./loading/load-error.js";
export { registerCustom, unregisterCustom, type CustomObject } from "./loading/custom-objects.js";
export { skeleton } from "./loading/skeleton.js";
export { summarize } from "./loading/summarize.js";
export { cardText } from "./display/card-text.js";
export { summaryText } from "./display/summary-text.js";
export { cardBundle } from "./display/problem-card.js";
export { summaryBundle } from "./display/model-summary.js";
export { STEPS } from "./loading/problem.js";
export type { Decision, LayerEvidence, Place, Problem, Remedy, Step } from "./loading/problem.js";
export type { LayerReport, LoadReport, LoadState, ModelSummary, StepReport } from "./loading/report.js";
export { openModelFile } from "./formats/open.js";
export { openGraph, type GraphFunction, type LoadedGraph } from "./graph/open-graph.js";
export { GraphError } from "./graph/graph-error.js";
export { registerGraphOp, type CustomOp } from "./graph/custom-ops.js";
