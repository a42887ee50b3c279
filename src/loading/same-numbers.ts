import * as tf from "@tensorflow/tfjs";
import { holdsGraph } from "../formats/graph-contents.js";
import { FormatError } from "../formats/model-file.js";
import { GraphError } from "../graph/graph-error.js";
import { openGraph, type LoadedGraph } from "../graph/open-graph.js";
import { runGraphRemedy } from "./graph-rung.js";
import { settledProblem } from "./keras-problem.js";
import { trialExample } from "./trial-inputs.js";
import type { Problem } from "./problem.js";
import type { Work } from "./work.js";

/** Relative to the largest number: more than rounding in another order makes of 32 bits. */
const ROUNDING = 1e-3;

/**
 * Layers whose calls were read out of a saved function are held against that function once: where they give other
 * numbers (a mask that the saved function does not pass on, say), the graph is taken, since it is what TensorFlow runs.
 * @returns what was found; null where the numbers agree, or where nothing can be compared
 */
export async function takeGraphWhereNumbersDiffer(work: Work): Promise<Problem | null> {
  const { file, model } = work;
  if (!model || !file || !holdsGraph(file) || !file.contents.wired) return null;
  const graph = await opened(work);
  if (graph === null) return null;
  const difference = await differenceOf(model, graph);
  if (difference === null || difference <= ROUNDING) {
    graph.dispose();
    return null;
  }
  work.runnable = graph;
  work.rung = "graph";
  delete work.model;
  const found = `its layers give numbers that differ from those of its saved function by ${difference.toExponential(1)} of the largest`;
  const { fidelity, id: remedy } = runGraphRemedy("model");
  return settledProblem(
    { code: "C22", step: "verify", subject: "model", layer: null, found, fidelity, remedy },
    work,
  );
}

async function opened(work: Work): Promise<LoadedGraph | null> {
  try {
    return await openGraph(work.file!);
  } catch (error) {
    if (error instanceof GraphError || error instanceof FormatError) return null;
    throw error;
  }
}

async function differenceOf(model: tf.LayersModel, graph: LoadedGraph): Promise<number | null> {
  const inputs = model.inputs.map(trialExample);
  try {
    const named = Object.fromEntries(model.inputNames.map((name, i) => [name, inputs[i]!]));
    const byName = graph.inputs.every(({ name }) => name in named);
    const outputs = inOrder(await graph.predictAsync(byName ? named : inputs));
    const layers = [model.predict(inputs.length === 1 ? inputs[0]! : inputs)].flat();
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

/** A signature's outputs in the order in which the model has them: numbered ones by number, a dict's by key. */
function inOrder(outputs: tf.Tensor | tf.NamedTensorMap): tf.Tensor[] {
  if (outputs instanceof tf.Tensor) return [outputs];
  const keys = Object.keys(outputs).sort();
  const number = (key: string): number => Number(/^output_(\d+)$/.exec(key)?.[1]);
  if (keys.every((key) => number(key) > 0)) keys.sort((a, b) => number(a) - number(b));
  return keys.map((key) => outputs[key]!);
}

/** Of all numbers, relative to the largest of their output; infinite where shapes differ. */
async function largestDifference(
  layers: readonly tf.Tensor[],
  outputs: readonly tf.Tensor[],
): Promise<number> {
  let most = 0;
  for (const [i, layer] of layers.entries()) {
    const output = outputs[i]!;
    if (layer.dtype === "string" || output.dtype === "string") continue;
    if (layer.shape.join() !== output.shape.join()) return Infinity;
    const [own, wanted] = [await layer.data(), await output.data()];
    let [scale, apart] = [1e-6, 0];
    wanted.forEach((value, k) => {
      if (!Number.isFinite(value)) return;
      scale = Math.max(scale, Math.abs(value));
      const difference = Math.abs(value - own[k]!);
      apart = Number.isFinite(difference) ? Math.max(apart, difference) : Infinity;
    });
    most = Math.max(most, apart / scale);
  }
  return most;
}
