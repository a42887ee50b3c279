import type * as tf from "@tensorflow/tfjs";
import type { FormatError, FormatFinding, ModelFile, StoredWeight } from "../formats/model-file.js";
import type { LoadedGraph } from "../graph/loaded-graph.js";
import type { LookupTable } from "../graph/resources.js";
import type { RevivedLayers } from "../graph/revive-layers.js";
import type { ModelConnection } from "../keras/connection.js";
import type { KerasFinding } from "../keras/finding.js";
import type { LayerSpec, ModelGraph } from "../keras/graph.js";
import type { KerasOrigin, LayerDefinition } from "../layers/registry.js";
import type { OutsideLayer } from "./graph-rung/outside-graph.js";
import type { Decision, Problem, Step } from "./problem.js";
import type { PythonBody } from "./lambda/python-function.js";

/** What a load has made so far. Each step reads what the earlier ones left and adds its own. */
export interface Work {
  readonly path: string;
  /** Remedies that the user chose, in order. */
  readonly decisions: readonly Decision[];
  /** What is to be restored of the training. */
  readonly training: TrainingWish;
  /** Why there is no file at `path`: it could not be downloaded. */
  unreached?: FormatError;
  /** Left by `identify`. */
  file?: ModelFile;
  /**
   * The rung of the ladder: a model of layers, or, where the file has no config for one or the user chose so, its
   * graph of operations. Decided by `configure` and `resolve`; layers if absent.
   */
  rung?: "layers" | "graph";
  /** Another file that the user pointed to, which is opened in place of `path`. */
  opened?: string;
  /** The decision by which the file in `file` was given its architecture. */
  architecture?: Decision;
  /** The file that the weights were taken from, where the user gave one. */
  weightsFrom?: string;
  /** What verifying a file's checksums found. */
  verified?: { readonly file: ModelFile; readonly findings: readonly FormatFinding[] };
  /** Layers that run a SavedModel which the user gave, by path. */
  outside?: Map<string, OutsideLayer>;
  /** Left by `configure`. */
  origin?: KerasOrigin;
  graph?: ModelGraph;
  /** Names of the root's layers that an edit left out; their weights are left alone. */
  leftOut?: ReadonlySet<string>;
  /** What reading the graph found; `connect` reports it. */
  graphFindings?: readonly KerasFinding[];
  /** Begun by `resolve`, finished by `connect`. */
  connection?: ModelConnection;
  /** By what each layer was made, or null where nothing was known, by path. */
  madeBy?: Map<string, { readonly spec: LayerSpec; readonly definition: LayerDefinition | null }>;
  /** The functions that a SavedModel holds for its layers; null when they cannot be read. */
  revived?: RevivedLayers | null;
  /** The tables of a SavedModel's lookup layers, by path; read where such a layer has its vocabulary nowhere else. */
  savedTables?: ReadonlyMap<string, LookupTable>;
  /** Layers that run by their saved functions, since Keras's class of that name is another: by path, what it does. */
  unlike?: ReadonlyMap<string, string>;
  /** Translated Lambdas that were chosen, by path. */
  translations?: Map<string, { readonly definition: LayerDefinition; readonly python: PythonBody | null }>;
  /** Arguments that layers renamed, dropped or ignored on the way. */
  adjusted?: Problem[];
  /** Left by `connect`; its weights come with `bind`. */
  model?: tf.LayersModel;
  /** Left by `connect` on the graph rung. */
  runnable?: LoadedGraph;
  /** Left by `bind`: from which stored tensor each variable came. */
  sources?: ReadonlyMap<tf.LayerVariable, StoredWeight>;
  /** Paths of the layers of which a cut or damaged file has lost weights. */
  lost?: ReadonlySet<string>;
  /** What was read and is not restored, for the summary. */
  notes?: string[];
  /** What is to be told of the weights as they are stored. */
  weightNotes?: readonly string[];
}

export interface TrainingWish {
  /** Compile the model with its saved loss, metrics and optimizer. */
  readonly compile: boolean;
  /** Restore what the optimizer has gathered. */
  readonly optimizer: boolean;
}

export interface StepResult {
  /** What the step did, in a few words. */
  readonly note: string;
  /** All that it found, settled or not. */
  readonly problems: readonly Problem[];
  /** An earlier step from which all is done anew, with what this one found. */
  readonly again?: Step;
}

/** The remedy that the user chose for a problem, or null. */
export function chosen(work: Work, code: string, subject: string): string | null {
  return decisionOn(work, code, subject)?.remedy ?? null;
}

export function decisionOn(work: Work, code: string, subject: string): Decision | null {
  return work.decisions.findLast((made) => made.code === code && made.subject === subject) ?? null;
}
