import * as tf from "@tensorflow/tfjs";
import { holdsGraph } from "../../formats/graph-contents.js";
import type { RevivedLayers } from "../../graph/revive-layers.js";
import { largestDifference } from "../trial/largest-difference.js";
import { settledProblem } from "../problems/keras-problem.js";
import { plural } from "../../notation.js";
import { openRevivedLayers, revivedDefinition } from "../graph-rung/revived-layers.js";
import { trialExample } from "../trial/trial-inputs.js";
import type { Problem } from "../problem.js";
import type { Work } from "../work.js";

/**
 * Layers for which the file has another number of variables than the class of Keras's that is called as they are, by
 * path, with what is unlike; the functions that were saved with them can take their place.
 */
export async function layersWithOtherWeights(work: Work): Promise<Map<string, string>> {
  await openRevivedLayers(work);
  const unlike = new Map<string, string>();
  const { file, graph, connection } = work;
  if (!holdsGraph(file!)) return unlike;
  for (const spec of graph!.layers) {
    const own = connection!.layers.get(spec.path)?.weights.length;
    const stored = file.contents.layerObjects.get(spec.path)?.variables.length;
    if (spec.model || own === undefined || stored === undefined || own === stored) continue;
    if (revivedDefinition(spec, work) === null) continue;
    unlike.set(spec.path, `has ${plural(own, "variable")}, where the file holds ${stored} of the layer`);
  }
  return unlike;
}

/**
 * Layers that give other numbers than the functions that were saved with them, by path, with what is unlike:
 * classes of the user's own that are called as one of Keras's. Each is tried on what reaches it in the model.
 */
export async function unlikeLayers(work: Work, tolerance: number): Promise<Map<string, string>> {
  const unlike = new Map<string, string>();
  await openRevivedLayers(work);
  const { model, revived, graph } = work;
  if (!model || !revived) return unlike;
  const inputs = model.inputs.map(trialExample);
  for (const { path, model: nested } of graph!.layers) {
    const layer = work.connection!.layers.get(path);
    const [node] = layer?.inboundNodes ?? [];
    // A stateful layer goes on from the call before, its function from the state that was saved.
    if (!layer || !node || nested || layer.stateful || node.inputTensors.length === 0) continue;
    const difference = await differenceAt(path, node, { model, inputs, revived });
    if (difference !== null && difference > tolerance)
      unlike.set(
        path,
        `gives numbers that differ from those of the layer's saved function by ${difference.toExponential(1)} of the largest`,
      );
  }
  if (model.stateful) model.resetStates();
  tf.dispose(inputs);
  return unlike;
}

interface Trial {
  readonly model: tf.LayersModel;
  readonly inputs: tf.Tensor[];
  readonly revived: RevivedLayers;
}

/** Null where there is nothing to compare with, or the layer or its function does not run on what reaches it. */
async function differenceAt(
  path: string,
  { inputTensors, outputTensors }: tf.layers.Layer["inboundNodes"][number],
  { model, inputs, revived }: Trial,
): Promise<number | null> {
  let made: tf.Tensor[] = [];
  let wanted: tf.Tensor[] | null = null;
  try {
    const outputs = [...new Set([...inputTensors, ...outputTensors])];
    made = [
      tf.model({ inputs: model.inputs, outputs }).predict(inputs.length === 1 ? inputs[0]! : inputs),
    ].flat();
    const at = (tensor: tf.SymbolicTensor): tf.Tensor => made[outputs.indexOf(tensor)]!;
    wanted = await revived.compute(path, inputTensors.map(at));
    const own = outputTensors.map(at);
    return wanted?.length === own.length ? await largestDifference(own, wanted) : null;
  } catch {
    return null;
  } finally {
    tf.dispose([made, wanted ?? []]);
  }
}

/** C24, settled: the layers whose saved functions are run in place of Keras's classes. */
export function unlikeProblems(work: Work): Problem[] {
  return [...(work.unlike ?? [])].map(([path, how]) => {
    const className = work.graph!.layers.find((spec) => spec.path === path)?.className ?? "";
    return settledProblem(
      {
        code: "C24",
        step: "resolve",
        subject: path,
        layer: path,
        found: `its class is called \`${className}\` as one of Keras's, which ${how}; the function that TensorFlow saved with it is run`,
        fidelity: "exact",
        remedy: "saved-function",
      },
      work,
    );
  });
}
