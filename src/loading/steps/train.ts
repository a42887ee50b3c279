import type { JsonValue } from "../../formats/model-file.js";
import { isObject } from "../../keras/json.js";
import { nearestNames } from "../../names/nearest-names.js";
import type { Unknown } from "../../training/compile-config.js";
import { LOSS_NAMES } from "../../training/losses/loss.js";
import { OPTIMIZER_NAMES } from "../../training/optimizers/table.js";
import { restoreTraining, type RestoredTraining } from "../../training/restore-training.js";
import { customFunctions } from "../custom-functions.js";
import { kerasSays } from "../taxonomy/taxonomy.js";
import { count } from "../notation.js";
import type { Problem, Remedy } from "../problem.js";
import type { StepResult, Work } from "../work.js";

/**
 * Compiles the model as it was compiled, with the state of its optimizer. Nothing here ever stops a load: what is
 * unknown is left out and said.
 */
export async function train(work: Work): Promise<StepResult> {
  work.notes = [];
  const { trainingConfig, optimizerWeights } = work.file!;
  if (trainingConfig === null || isEmpty(trainingConfig)) {
    return {
      note: "no training configuration",
      problems: optimizerWeights.length > 0 ? [orphans(work)] : [],
    };
  }
  if (work.rung === "graph" || !work.model) return { note: "not for a graph of operations", problems: [] };
  if (!work.training.compile) return { note: "left out, as you asked", problems: [] };
  const lost = lostState(work);
  const restored = await restoreTraining(work.model, work.graph!, work.connection!.layers, {
    trainingConfig,
    optimizerWeights,
    major: work.origin!.major,
    origins: work.sources ?? new Map(),
    custom: customFunctions(["loss", "metric"]),
    masks: () => work.connection!.outputMasks(),
    withOptimizer: work.training.optimizer && lost.length === 0,
  });
  const note = noteOf(restored);
  work.notes.push(
    restored.compiled
      ? `Ready to train on: ${note.replace(/^compiled: /, "")}.`
      : "The model is not compiled: no loss of its training is known here.",
  );
  return {
    note,
    problems: [
      ...restored.unknown.map((unknown) => unknownProblem(unknown, work)),
      ...(restored.state.refused === null ? [] : [stateProblem(restored, work)]),
      ...(lost.length > 0 && work.training.optimizer ? [lostProblem(restored, lost, work)] : []),
    ],
  };
}

/** What Keras 3 writes of a model that was never compiled. */
function isEmpty(config: JsonValue): boolean {
  return isObject(config) && Object.keys(config).length === 0;
}

function noteOf({ config, optimizer, compiled, state }: RestoredTraining): string {
  if (!compiled) return "not compiled";
  const losses = [...new Set(config.losses.flatMap((each) => (each ? [each.loss.name] : [])))];
  const tensors = state.restored > 0 ? ` with ${count(state.restored)} tensors of its state` : "";
  const by = optimizer ? `optimizer ${optimizer.spec.className}${tensors}` : "no optimizer";
  return `compiled: ${by}, loss ${losses.join(", ")}`;
}

const DROP: Remedy = { id: "drop", title: "Leave it out", fidelity: "approximate" };

const WITHOUT: Readonly<Record<Unknown["kind"], string>> = {
  loss: "The model predicts as it did; to train it, compile it with a loss of yours.",
  metric: "Training goes on as it did; the history lacks this metric.",
  optimizer: "Training goes on with plain gradient descent at a rate of 0.01, until you compile it anew.",
  schedule: "Training goes on at a rate of 0.001, until you compile it anew.",
};

function unknownProblem({ kind, name }: Unknown, work: Work): Problem {
  const known = kind === "optimizer" ? OPTIMIZER_NAMES : kind === "loss" ? LOSS_NAMES : [];
  const [near] = nearestNames(name, known, 1);
  const meant = near ? ` The nearest that is known is ${near}.` : "";
  const command = kind === "loss" || kind === "metric" ? `%register_custom --kind ${kind} ${name} = ` : "";
  const instead = command ? ` Or register it and load again: ${command}(yTrue, yPred) => ...` : "";
  return {
    ...about("C18", work),
    subject: name,
    title: `Unknown ${kind}: ${name}`,
    found: `The model was compiled with the ${kind} \`${name}\`, which is not known here.${meant}`,
    why: "The file has its name, not its code.",
    advice: `${WITHOUT[kind]}${instead}`,
  };
}

/** O01: slots that belong to another optimizer or to other variables. */
function stateProblem({ optimizer, state }: RestoredTraining, work: Work): Problem {
  const name = optimizer?.spec.className ?? "unknown";
  return {
    ...about("O01", work),
    subject: name,
    title: `The state of the optimizer does not fit: ${name}`,
    found: `${work.file!.optimizerWeights.length} tensors are stored for the optimizer; ${state.refused}.`,
    why: "The optimizer was built for other variables, or by a version that arranged its state in another way.",
    advice: "The optimizer starts afresh. Its first steps will differ from those of the file's own training.",
  };
}

/** Tensors of the optimizer that the file names and does not hold. */
function lostState({ file }: Work): string[] {
  return file!.findings
    .filter(({ code, where }) => code === "W05" && where.startsWith("/optimizer_weights/"))
    .map(({ where }) => where.slice("/optimizer_weights/".length));
}

/** O01 for slots that are gone: what is left of them belongs to no step of the training. */
function lostProblem({ optimizer }: RestoredTraining, lost: readonly string[], work: Work): Problem {
  const name = optimizer?.spec.className ?? "unknown";
  const number = lost.length + work.file!.optimizerWeights.length;
  return {
    ...about("O01", work),
    subject: name,
    title: `The state of the optimizer is not whole: ${name}`,
    found: `${lost.length} of the ${number} tensors that the file names for the optimizer are not there: ${lost.slice(0, 3).join(", ")}${lost.length > 3 ? ", …" : ""}.`,
    why: "The file was cut, edited or not written to its end.",
    advice: "The optimizer starts afresh. Its first steps will differ from those of the file's own training.",
  };
}

/** O01 too: state without a configuration, as Keras 3.15 writes after the same model was saved as `.h5`. */
function orphans(work: Work): Problem {
  return {
    ...about("O01", work),
    subject: "optimizer",
    title: "The state of an optimizer without the optimizer",
    found: `${work.file!.optimizerWeights.length} tensors are stored for an optimizer that the file does not name.`,
    why: "The model was saved without its training configuration.",
    advice: "Compile the model to train it on; the stored state is left out.",
  };
}

function about(code: string, work: Work) {
  return {
    code,
    step: "train" as const,
    where: { file: work.path },
    kerasSays: kerasSays(code),
    evidence: null,
    remedies: [DROP],
    blocking: false,
    applied: DROP,
  };
}
