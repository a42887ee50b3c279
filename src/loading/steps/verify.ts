import * as tf from "@tensorflow/tfjs";
import { verifyGraph } from "../graph-rung/graph-rung.js";
import { kerasProblem } from "../problems/keras-problem.js";
import { plural } from "../../notation.js";
import type { Problem, Remedy } from "../problem.js";
import { differsFromGraph } from "../trial/same-numbers.js";
import { rowsHeld } from "../weights/rows-held.js";
import { leavingWeights } from "../weights/leaving-weights.js";
import { MOST_TRIAL_ELEMENTS, trialElements, trialLengths, trialText } from "../trial/trial-inputs.js";
import { chosen, type StepResult, type Work } from "../work.js";

/** Looks at every weight for values that are not finite, and runs the model once on zeros where that is cheap. */
export async function verify(work: Work): Promise<StepResult> {
  if (work.rung === "graph") return verifyGraph(work);
  const model = work.model!;
  const problems = await notFinite(work);
  if (trialElements(model) > MOST_TRIAL_ELEMENTS)
    return { note: "weights are finite; no trial run, the inputs are large", problems };
  const failure = await trialRun(work);
  if (failure) problems.push(failure);
  const differs = await differsFromGraph(work);
  if (differs && "unlike" in differs) {
    work.unlike = differs.unlike;
    return { note: "layers are made again, from their saved functions", problems, again: "resolve" };
  }
  if (differs)
    return {
      note: "the graph is run: its layers give other numbers",
      problems: [...problems, differs.problem],
    };
  return { note: failure ? "the trial run failed" : "weights and one trial run are fine", problems };
}

/** One question for all weights that are not finite: keep them, or go on with zeros in their place. */
async function notFinite(work: Work): Promise<Problem[]> {
  const zeros = chosen(work, "W13", "model") === "zeros";
  const found: { path: string; text: string }[] = [];
  for (const [path, layer] of work.connection!.layers) {
    if (layer instanceof tf.LayersModel) continue;
    for (const weight of layer.weights) {
      const value = weight.read();
      if (value.dtype !== "float32" || (await isFinite(value))) continue;
      found.push({ path, text: `\`${weight.originalName}\` ${JSON.stringify(value.shape)}` });
      if (zeros) weight.write(tf.tidy(() => tf.where(tf.isFinite(value), value, tf.zerosLike(value))));
    }
  }
  const [first, ...others] = found;
  if (!first) return [];
  const more = others.length === 0 ? "" : ` and ${plural(others.length, "other weight")}`;
  const finding = {
    code: "W13",
    layer: null,
    found: `${first.text} of ${first.path}${more} hold NaN or infinite values.`,
    why: "Training that diverged leaves them; they are in the file as they are here.",
    advice: "Look for an earlier checkpoint.",
    blocking: true,
  };
  const problem = kerasProblem(finding, "verify", work, NOT_FINITE);
  return [{ ...problem, where: { file: work.path, layer: first.path } }];
}

const NOT_FINITE: readonly Remedy[] = [
  {
    id: "keep",
    title: "Keep them: predictions that pass through them are NaN",
    fidelity: "exact",
    command: "%step fix # keep",
    code: 'session.fix("W13", "keep")',
  },
  {
    id: "zeros",
    title: "Put zeros in the place of each such number",
    fidelity: "stub",
    command: "%step fix # zeros",
    code: 'session.fix("W13", "zeros")',
  },
];

/** One sum tells: NaN and infinity survive it, and it reads one number back instead of all. */
async function isFinite(value: tf.Tensor): Promise<boolean> {
  const probe = tf.tidy(() => tf.sum(tf.mul(value, 0)));
  const [sum] = await probe.data();
  probe.dispose();
  return sum === 0;
}

/** The first layer that cannot compute what reaches it; null where each of them can. */
function failingLayer(model: tf.LayersModel): string | null {
  const failing = model.layers.find((layer) => {
    const outputs = layer.inboundNodes.flatMap(({ outputTensors }) => outputTensors);
    try {
      tf.tidy(() => tf.model({ inputs: model.inputs, outputs }).predict(zeros(model)));
      return false;
    } catch {
      return true;
    }
  });
  return failing?.name ?? null;
}

function zeros(model: tf.LayersModel, rows = 1): tf.Tensor | tf.Tensor[] {
  const inputs = model.inputs.map(({ shape, dtype }) => {
    const lengths = trialLengths([shape[0] ?? rows, ...shape.slice(1)]);
    return dtype === "string" ? trialText(lengths, "") : tf.zeros(lengths, dtype);
  });
  return inputs.length === 1 ? inputs[0]! : inputs;
}

const MOST_TRIALS = 6;

/** Runs on one row, or on as many as a state or a mask that the file holds was made for. */
function runs(model: tf.LayersModel, { graph }: Work): void {
  let failed: unknown = null;
  for (const rows of [1, ...(graph ? rowsHeld(graph) : [])].slice(0, MOST_TRIALS)) {
    try {
      leavingWeights(model, () => tf.tidy(() => void model.predict(zeros(model, rows))));
      return;
    } catch (error) {
      failed ??= error;
    }
  }
  throw failed;
}

async function trialRun(work: Work): Promise<Problem | null> {
  const model = work.model!;
  try {
    runs(model, work);
    // The trial leaves no trace in stateful layers.
    if (model.stateful) model.resetStates();
    return null;
  } catch (error) {
    const failing = failingLayer(model);
    const finding = {
      code: "O08",
      layer: failing,
      found: `${failing === null ? "A trial run on zeros failed" : `A trial run on zeros fails here`}: ${error instanceof Error ? error.message : String(error)}`,
      why: "The layers fit together by their shapes, but computing with them fails.",
      advice: "Try the model on real data; a layer may not take zeros, or a free dimension of this size.",
      blocking: false,
    };
    return kerasProblem(finding, "verify", work);
  }
}
