import * as tf from "@tensorflow/tfjs";
import { holdsGraph } from "../../formats/graph-contents.js";
import { FormatError } from "../../formats/model-file.js";
import { GraphError } from "../../graph/graph-error.js";
import { openGraph } from "../../graph/open-graph.js";
import type { LoadedGraph } from "../../graph/loaded-graph.js";
import { runGraphRemedy } from "../graph-rung/graph-rung.js";
import { eachLayer } from "../../keras/read-graph.js";
import { settledProblem } from "../problems/keras-problem.js";
import { largestDifference } from "./largest-difference.js";
import { leavingWeights } from "../weights/leaving-weights.js";
import { trialExample } from "./trial-inputs.js";
import { unlikeLayers } from "../weights/unlike-layers.js";
import type { Problem } from "../problem.js";
import type { Work } from "../work.js";

/** Relative to the largest number: more than rounding in another order makes of 32 bits, and of 16. */
const ROUNDING = 1e-3;
const ROUNDING_OF_HALVES = 3e-2;

/** What a comparison with the saved function leads to; null where the numbers agree, or nothing can be compared. */
export type Differs = { readonly problem: Problem } | { readonly unlike: ReadonlyMap<string, string> } | null;

/**
 * The layers of a SavedModel are held against its saved function once. Where they give other numbers, a layer's class
 * may only be called as one of Keras's: then its own saved function takes its place. Else (a mask that the saved
 * function does not pass on, say) the graph is taken, since it is what TensorFlow runs.
 */
export async function differsFromGraph(work: Work): Promise<Differs> {
  const { file, model } = work;
  if (!model || !file || !holdsGraph(file) || work.decisions.length > 0) return null;
  const graph = await opened(work);
  if (graph === null) return null;
  const rounding = computesInHalves(work) ? ROUNDING_OF_HALVES : ROUNDING;
  const difference = await differenceOf(model, graph, file.contents.wired);
  if (difference === null || (typeof difference === "number" && difference <= rounding)) {
    graph.dispose();
    return null;
  }
  // The trial has left its trace in the states of a stateful one.
  graph.dispose();
  const unlike = work.unlike ? new Map<string, string>() : await unlikeLayers(work, rounding);
  if (unlike.size > 0) return { unlike };
  const untouched = await opened(work);
  if (untouched === null) return null;
  work.runnable = untouched;
  work.rung = "graph";
  delete work.model;
  const found =
    typeof difference === "number"
      ? `its layers give numbers that differ from those of its saved function by ${difference.toExponential(1)} of the largest${keptStates(model)}`
      : `its layers do not run on what its saved function runs on: ${difference.message}`;
  const { fidelity, id: remedy } = runGraphRemedy("model");
  const said = {
    code: "C22",
    step: "verify",
    subject: "model",
    layer: null,
    found,
    fidelity,
    remedy,
  } as const;
  return { problem: settledProblem(said, work) };
}

function computesInHalves({ graph }: Work): boolean {
  return [...eachLayer(graph!)].some(({ config }) => /float16/.test(JSON.stringify(config["dtype"] ?? "")));
}

/** Layers begin with zeros, where the graph goes on from the states that were saved. */
function keptStates({ layers }: tf.LayersModel): string {
  const names = layers.filter(({ stateful }) => stateful).map(({ name }) => name);
  return names.length === 0 ? "" : `, which goes on from the saved state of ${names.join(", ")}`;
}

async function opened(work: Work): Promise<LoadedGraph | null> {
  try {
    return await openGraph(work.file!);
  } catch (error) {
    if (error instanceof GraphError || error instanceof FormatError) return null;
    throw error;
  }
}

/**
 * @param wired whether the model was read out of the graph, so that both have their inputs and outputs in one order
 * @returns what stops the layers where the graph runs; null where nothing can be compared
 */
async function differenceOf(
  model: tf.LayersModel,
  graph: LoadedGraph,
  wired: boolean,
): Promise<number | Error | null> {
  const inputs = model.inputs.map(trialExample);
  try {
    const named = Object.fromEntries(model.inputNames.map((name, i) => [name, inputs[i]!]));
    const byName = graph.inputs.every(({ name }) => name in named);
    const alike = ({ outputs }: LoadedGraph) => outputs.every(({ name }) => model.outputNames.includes(name));
    const paired = (inputs.length === 1 || byName) && (model.outputs.length === 1 || alike(graph));
    if (!wired && !paired) return null;
    const outputs = inOrder(await graph.predictAsync(byName ? named : inputs), model.outputNames);
    const layers = predicted(model, inputs);
    if (model.stateful) model.resetStates();
    if (layers instanceof Error) return layers;
    const difference = layers.length === outputs.length ? await largestDifference(layers, outputs) : null;
    tf.dispose([layers, outputs]);
    return difference;
  } catch {
    // Trial lengths may not suit the model; what is wrong with the layers, the run on zeros tells.
    return null;
  } finally {
    tf.dispose(inputs);
  }
}

function predicted(model: tf.LayersModel, inputs: tf.Tensor[]): tf.Tensor[] | Error {
  try {
    return [leavingWeights(model, () => model.predict(inputs.length === 1 ? inputs[0]! : inputs))].flat();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/**
 * A signature's outputs in the order in which the model has them: by their layers' names, numbered ones by number, a
 * dict's by key.
 */
function inOrder(outputs: tf.Tensor | tf.NamedTensorMap, names: readonly string[]): tf.Tensor[] {
  if (outputs instanceof tf.Tensor) return [outputs];
  const keys = Object.keys(outputs).sort();
  if (names.length === keys.length && names.every((name) => name in outputs))
    return names.map((name) => outputs[name]!);
  const number = (key: string): number => Number(/^output_(\d+)$/.exec(key)?.[1]);
  if (keys.every((key) => number(key) > 0)) keys.sort((a, b) => number(a) - number(b));
  return keys.map((key) => outputs[key]!);
}
