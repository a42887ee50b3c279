import * as tf from "@tensorflow/tfjs";
import { verifyGraph } from "../graph-rung.js";
import { kerasProblem } from "../keras-problem.js";
import type { Problem } from "../problem.js";
import type { StepResult, Work } from "../work.js";

/** Looks at every weight for values that are not finite, and runs the model once on zeros where that is cheap. */
export async function verify(work: Work): Promise<StepResult> {
  if (work.rung === "graph") return verifyGraph(work);
  const model = work.model!;
  const problems = await notFinite(work);
  const cost = elements(model);
  if (cost > MOST_ELEMENTS)
    return { note: "weights are finite; no trial run, the inputs are large", problems };
  const failure = await trialRun(work);
  if (failure) problems.push(failure);
  return { note: failure ? "the trial run failed" : "weights and one trial run are fine", problems };
}

/** Input elements of a trial run with one example. */
const MOST_ELEMENTS = 1 << 20;
/** A free dimension of the trial input, where the model leaves it open. */
const FREE = 16;

function trialShape(shape: readonly (number | null)[]): number[] {
  return shape.map((size, axis) => size ?? (axis === 0 ? 1 : FREE));
}

function elements(model: tf.LayersModel): number {
  return model.inputs.reduce((sum, { shape }) => sum + trialShape(shape).reduce((a, b) => a * b, 1), 0);
}

async function notFinite(work: Work): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const [path, layer] of work.connection!.layers) {
    if (layer instanceof tf.LayersModel) continue;
    for (const weight of layer.weights) {
      const value = weight.read();
      if (value.dtype !== "float32" || (await isFinite(value))) continue;
      const finding = {
        code: "W13",
        layer: path,
        found: `\`${weight.originalName}\` ${JSON.stringify(value.shape)} holds NaN or infinite values.`,
        why: "Training that diverged leaves them; they are in the file as they are here.",
        advice: "Predictions that pass through this layer will be NaN. Look for an earlier checkpoint.",
        blocking: false,
      };
      problems.push(kerasProblem(finding, "verify", work));
    }
  }
  return problems;
}

/** One sum tells: NaN and infinity survive it, and it reads one number back instead of all. */
async function isFinite(value: tf.Tensor): Promise<boolean> {
  const probe = tf.tidy(() => tf.sum(tf.mul(value, 0)));
  const [sum] = await probe.data();
  probe.dispose();
  return sum === 0;
}

async function trialRun(work: Work): Promise<Problem | null> {
  const model = work.model!;
  try {
    tf.tidy(() => {
      const inputs = model.inputs.map(({ shape, dtype }) =>
        dtype === "string" ? tf.fill(trialShape(shape), "", dtype) : tf.zeros(trialShape(shape), dtype),
      );
      model.predict(inputs.length === 1 ? inputs[0]! : inputs);
    });
    // The trial leaves no trace in stateful layers.
    if (model.stateful) model.resetStates();
    return null;
  } catch (error) {
    const finding = {
      code: "O08",
      layer: null,
      found: `A trial run on zeros failed: ${error instanceof Error ? error.message : String(error)}`,
      why: "The layers fit together by their shapes, but computing with them fails.",
      advice: "Try the model on real data; a layer may not take zeros, or a free dimension of this size.",
      blocking: false,
    };
    return kerasProblem(finding, "verify", work);
  }
}
