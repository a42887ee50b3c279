/**
 * The model library of loadlab: open a Keras model file, see what is wrong with it, load it.
 * @module loadlab
 */
import { compileBuiltByHandAsKeras } from "./loading/steps/compile-built-by-hand.js";

// Models of `layers` and of loaded layers alike, whether a file was opened before or not.
compileBuiltByHandAsKeras();

export * as tf from "./tfjs/index.js";
export { loadModel, openModel, type OpenOptions } from "./loading/open.js";
export type { LoadSession } from "./loading/session.js";
export { LoadError } from "./loading/load-error.js";
export {
  customObjects,
  registerCustom,
  registerKnown,
  unregisterCustom,
  type CustomLayerOptions,
  type CustomObject,
} from "./loading/custom/custom-objects.js";
export {
  FUNCTION_KINDS,
  listFunctions,
  registerFunction,
  type CustomFunction,
  type FunctionKind,
} from "./loading/custom/custom-functions.js";
export { activationNames } from "./layers/activations.js";
export { parseRecipe, readRecipe, type Recipe } from "./loading/recipe.js";
export { opSkeleton, skeleton } from "./loading/drafts/skeleton.js";
export { isLoadedGraph, summarizeGraph } from "./loading/report/summarize-graph.js";
export { summarize } from "./loading/report/summarize.js";
export { graphDiagram, layerDiagram } from "./loading/report/model-diagram.js";
export { modelGraphBundle } from "./display/graph/model-graph.js";
export { showGraph, type Drawable } from "./display/graph/show-graph.js";
export { cardText } from "./display/card/card-text.js";
export { summaryText } from "./display/summary/summary-text.js";
export { cardBundle } from "./display/card/problem-card.js";
export { summaryBundle } from "./display/summary/model-summary.js";
export { answerView } from "./display/answer-view.js";
export { showSummary } from "./display/summary/show-summary.js";
export { STEPS } from "./loading/problem.js";
export type { Decision, LayerEvidence, Place, Problem, Remedy, Step } from "./loading/problem.js";
export type {
  LayerReport,
  LoadReport,
  LoadState,
  ModelSummary,
  StepReport,
} from "./loading/report/report.js";
export { saveModel, type Saved, type SaveOptions } from "./saving/save-model.js";
export { callbacks } from "./callbacks/index.js";
export { KerasOptimizer } from "./training/optimizers/keras-optimizer.js";
export { layers } from "./layers/factories.js";
export type * from "./layers/factory-types.js";
export { losses, metrics, optimizers, schedules } from "./training/factories.js";
export type * from "./training/factory-types.js";
export { knownCollection, knownLayerFor, type KnownLayer } from "./layers/known/index.js";
export { compareModels, type ComparedRow, type Comparison } from "./comparing/compare-models.js";
export { compareWithReference, readReference, type Reference } from "./comparing/compare-reference.js";
export { findingsForTodaysKeras } from "./environment/todays-keras.js";
export { environmentOf, type Environment, type Requirement } from "./environment/environment.js";
export { environmentBundle, requirementsText } from "./display/environment.js";
export { comparisonBundle, comparisonText } from "./display/comparison.js";
export { FormatError } from "./formats/model-file.js";
export { openModelFile } from "./formats/open.js";
export { readWeights, type ReadWeight } from "./formats/read-weights.js";
export { localFile, type ModelSource } from "./formats/download/local-file.js";
export type { DownloadProgress } from "./formats/download/save-body.js";
export { openGraph } from "./graph/open-graph.js";
export type { GraphFunction, LoadedGraph } from "./graph/loaded-graph.js";
export { GraphError } from "./graph/graph-error.js";
export { registerGraphOp, type CustomOp } from "./graph/custom-ops.js";
// What the types above are made of.
export type { FormatFinding, JsonValue, ModelFile } from "./formats/model-file.js";
export type { LossValues } from "./training/losses/loss.js";
export type { CustomLayerClass } from "./layers/custom/user-class.js";
export type { CustomLayerCall } from "./layers/custom/user-function.js";
export type { Displayable, MimeBundle } from "./display/bundle.js";
export type { Difference } from "./comparing/difference.js";
export type { LocalFile } from "./formats/download/local-file.js";
export type { GraphInputs, TensorSpec } from "./graph/signature.js";
export type { UnknownOp } from "./graph/unknown-ops.js";
export type { GraphConnection, GraphScope } from "./graph/scopes.js";
export type { Fidelity } from "./layers/fidelity.js";
export type { LayerDefinition } from "./layers/registry.js";
export type { DiagramEdge, DiagramNode, ModelDiagram } from "./loading/report/diagram.js";
export type { OnProgress } from "./formats/download/save-body.js";
export type { AlignmentRow, Neighbour, WeightEvidence } from "./loading/problem.js";
export type { FileReport, LayerMark, ModelOrigin, TensorReport, Told } from "./loading/report/report.js";
export type { OptimizerSpec } from "./training/optimizers/table.js";
export type { DownloadOptions } from "./formats/download/download.js";
export type { OpenOptions as OpenFileOptions } from "./formats/open.js";
export type { GraphOptions } from "./graph/open-graph.js";
export type { LayerSpec } from "./keras/graph.js";
export type { SkeletonSource } from "./loading/drafts/skeleton.js";
export type { SlotVariables } from "./training/optimizers/keras-optimizer.js";
export type { EarlyStoppingOptions } from "./callbacks/early-stopping.js";
export type { ReduceLROnPlateauOptions } from "./callbacks/reduce-lr-on-plateau.js";
export type { ModelCheckpointOptions } from "./callbacks/model-checkpoint.js";
export type { CSVLoggerOptions } from "./callbacks/csv-logger.js";
export type { MonitorOptions } from "./callbacks/monitor.js";
export type { Slot } from "./training/optimizers/rule.js";
