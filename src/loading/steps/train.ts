import type * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../../formats/model-file.js";
import { isObject } from "../../keras/json.js";
import { readPythonFunction } from "../lambda/python-function.js";
import { lambdaFound } from "../problems/lambda-activation.js";
import { nearestNames } from "../../names/nearest-names.js";
import type { Unknown } from "../../training/compile-config.js";
import { recordTraining } from "../../saving/saved-model-parts.js";
import { compileByHand } from "../../training/compile-by-hand.js";
import { LOSS_NAMES } from "../../training/losses/loss.js";
import { OPTIMIZER_NAMES } from "../../training/optimizers/table.js";
import { TrainableModel } from "../../training/trainable-model.js";
import type { Watched } from "../../training/train-step.js";
import { unusedSettings, type UnusedSetting } from "../../training/unused-settings.js";
import { restoreTraining, type RestoredTraining } from "../../training/restore-training.js";
import { customFunctions, customOptimizers } from "../custom/custom-functions.js";
import { kerasSays } from "../taxonomy/taxonomy.js";
import { grouped } from "../problems/keras-problem.js";
import { lossIn } from "../weights/lost-weights.js";
import { plural } from "../../notation.js";
import type { Problem, Remedy } from "../problem.js";
import type { StepResult, Work } from "../work.js";

/**
 * Compiles the model as it was compiled, with the state of its optimizer. Nothing here ever stops a load: what is
 * unknown is left out and said.
 */
export async function train(work: Work): Promise<StepResult> {
  const compiled = await compile(work);
  if (work.rung === "graph" || !work.connection) return compiled;
  const unused = unusedSettings(work.graph!, work.connection.layers).map((each) => unusedProblem(each, work));
  return { ...compiled, problems: [...compiled.problems, ...grouped(unused)] };
}

async function compile(work: Work): Promise<StepResult> {
  work.notes = [];
  const parts = work.rung !== "graph" && work.model ? compilable(work, work.model) : null;
  const { trainingConfig, optimizerWeights } = work.file!;
  if (trainingConfig === null || isEmpty(trainingConfig)) {
    return {
      note: "no training configuration",
      problems: optimizerWeights.length > 0 ? [orphans(work)] : [],
    };
  }
  if (!parts) return { note: "not for a graph of operations", problems: [] };
  if (!work.training.compile) return { note: "left out, as you asked", problems: [] };
  const lost = lostState(work);
  const restored = await restoreTraining(work.model!, parts, {
    trainingConfig,
    optimizerWeights,
    origin: work.origin!,
    origins: work.sources ?? new Map(),
    custom: customFunctions(["loss", "metric"]),
    optimizers: customOptimizers(),
    watched: () => watchedOf(work),
    withOptimizer: work.training.optimizer && lost.length === 0,
    isWhole: lossIn(work) === undefined,
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
      ...oncePerName(restored.unknown).map((unknown) => unknownProblem(unknown, work)),
      ...(restored.state.refused === null || lacksOptimizer(restored) ? [] : [stateProblem(restored, work)]),
      ...(work.training.optimizer ? lostProblems(restored, lost, work) : []),
    ],
  };
}

/** Whatever the file says of training, the user can compile the model. */
function compilable(work: Work, model: tf.LayersModel): TrainableModel {
  const parts = new TrainableModel(work.graph!, work.connection!.layers, work.origin!);
  compileByHand(model, {
    parts,
    origin: work.origin!,
    watched: () => watchedOf(work),
    custom: () => customFunctions(["loss", "metric"]),
    compiled: (saved) => recordTraining(model, saved),
  });
  return parts;
}

function watchedOf({ connection }: Work): Watched {
  return { masks: connection!.outputMasks(), addedLosses: connection!.addedLosses() };
}

/** What Keras 3 writes of a model that was never compiled. */
function isEmpty(config: JsonValue): boolean {
  return isObject(config) && Object.keys(config).length === 0;
}

function noteOf({ config, optimizer, own, compiled, state }: RestoredTraining): string {
  if (!compiled) return "not compiled";
  const losses = [...new Set(config.losses.flatMap((each) => (each ? [each.loss.name] : [])))];
  const tensors = state.restored > 0 ? ` with ${plural(state.restored, "tensor")} of its state` : "";
  const by = optimizer
    ? `optimizer ${optimizer.spec.className}${tensors}`
    : own
      ? "the optimizer that you registered"
      : "no optimizer";
  return `compiled: ${by}, loss ${losses.join(", ")}`;
}

const DROP: Remedy = { id: "drop", title: "Leave it out", fidelity: "approximate" };

const WITHOUT: Readonly<Record<Unknown["kind"], string>> = {
  loss: "The model predicts as it did; to train it, compile it with a loss of yours.",
  metric: "Training goes on as it did; the history lacks this metric.",
  optimizer:
    "Training goes on with plain gradient descent at a rate of 0.01, without the stored state, until you compile it anew.",
  schedule: "Training goes on at the optimizer's default rate, until you compile it anew.",
  "learning rate":
    "The model predicts as it did; training goes on at the optimizer's default rate, until you compile it anew.",
};

const TAKES: Readonly<Partial<Record<Unknown["kind"], string>>> = {
  loss: "(yTrue, yPred) => yTrue.sub(yPred).square().mean(-1)",
  metric: "(yTrue, yPred) => yTrue.sub(yPred).abs().mean(-1)",
  schedule: "(step, config) => 0.001",
  optimizer: "(config) => tf.train.adam(config.learning_rate)",
};

function unknownProblem({ kind, name, lambda }: Unknown, work: Work): Problem {
  const known = kind === "optimizer" ? OPTIMIZER_NAMES : kind === "loss" ? LOSS_NAMES : [];
  const [near] = nearestNames(name, known, 1);
  const meant = near ? ` The nearest that is known is ${near}.` : "";
  const takes = TAKES[kind];
  const instead = takes
    ? ` Or register what it computes, as in the following, and load again: %register_custom --kind ${kind} ${name} = ${takes}`
    : "";
  if (kind === "learning rate")
    return {
      ...about("C18", work),
      subject: kind,
      title: `A learning rate that is no number: ${name}`,
      found: `The optimizer's learning rate is saved as \`${name}\`, which is no number.`,
      why: "The file was edited, or written by another program.",
      advice: WITHOUT[kind],
    };
  const python = lambda && readPythonFunction({ function: [...lambda], arguments: null, inputs: 2 });
  if (python)
    return {
      ...about("C18", work),
      subject: name,
      title: `The ${kind} is a Python function`,
      found: `The model was compiled with ${lambdaFound(kind, python)}.`,
      why: "A file's code is never run here; its bytecode was read.",
      advice: `${python.source === null ? "" : `It is \`${python.source}\`. `}${WITHOUT[kind]}${instead}`,
    };
  return {
    ...about("C18", work),
    subject: name,
    title: `Unknown ${kind}: ${name}`,
    found: `The model was compiled with the ${kind} \`${name}\`, which is not known here.${meant}`,
    why: "The file has its name, not its code.",
    advice: `${WITHOUT[kind]}${instead}`,
  };
}

/** A regularizer or constraint that nobody knows, or that belongs to a weight which cannot be told. */
function unusedProblem({ kind, name, argument, layer, unknown }: UnusedSetting, work: Work): Problem {
  const does = kind === "regularizer" ? "adds nothing to the loss for it" : "does not hold the weight to it";
  const takes = kind === "regularizer" ? "(x) => x.square().sum().mul(0.01)" : "(weight) => weight";
  const weight = argument.endsWith(`_${kind}`) ? argument.slice(0, -kind.length - 1) : null;
  return {
    ...about("C18", work),
    subject: name,
    where: { file: work.path, layer },
    title: unknown ? `Unknown ${kind}: ${name}` : `A ${kind} without its weight: ${name}`,
    found: unknown
      ? `${argument} is \`${name}\`, which is not known here.`
      : `${argument} is \`${name}\`; which of the layer's weights ${weight === null ? "it belongs to" : `is its ${weight}`} cannot be told.`,
    why: unknown
      ? "The file has its name and arguments, not its code."
      : "The layer is of your own, and neither it nor the file names its weights.",
    advice: unknown
      ? `The model predicts as it did; training ${does}. Register what it computes, as in the following, and load again: %register_custom --kind ${kind} ${name} = ${takes}`
      : `The model predicts as it did; training ${does}. ${kind === "regularizer" ? "Call `addLoss` in the layer, or register" : "Register"} a class that ${weight === null ? "gives it to the weight in addWeight" : `names the weight ${weight}`}.`,
  };
}

/** A loss of several outputs is one to register. */
function oncePerName(unknown: readonly Unknown[]): Unknown[] {
  const isFirst = ({ kind, name }: Unknown, i: number) =>
    unknown.findIndex((other) => other.kind === kind && other.name === name) === i;
  return unknown.filter(isFirst);
}

/** That the optimizer is unknown says already that its state is left out. */
function lacksOptimizer({ optimizer, unknown }: RestoredTraining): boolean {
  return optimizer === null && unknown.some(({ kind }) => kind === "optimizer");
}

/** O01: slots that belong to another optimizer or to other variables. */
function stateProblem({ optimizer, state }: RestoredTraining, work: Work): Problem {
  const name = optimizer?.spec.className ?? "unknown";
  const stored = work.file!.optimizerWeights.length;
  const byParts = /parts of .* in the order/.test(state.refused ?? "");
  return {
    ...about("O01", work),
    subject: name,
    title: `The state of the optimizer ${lossIn(work) ? "is not whole" : "does not fit"}: ${name}`,
    found: `${plural(stored, "tensor")} ${stored === 1 ? "is" : "are"} stored for the optimizer; ${state.refused}.`,
    why: lossIn(work)
      ? "The file was cut or damaged: a part of the state is lost."
      : byParts
        ? "A .keras archive sorts the parts of a layer by their names; where their shapes are alike, nothing tells which state is whose."
        : "The optimizer was built for other variables, or by a version that arranged its state in another way.",
    advice: `The optimizer starts afresh. Its first steps will differ from those of the file's own training.${byParts ? " Saved as .h5, the model has the parts in their order." : ""}`,
  };
}

/** Tensors of the optimizer that the file names and does not hold. */
function lostState({ file }: Work): string[] {
  return file!.findings
    .filter(({ code, where }) => code === "W05" && where.startsWith("/optimizer_weights/"))
    .map(({ where }) => where.slice("/optimizer_weights/".length));
}

/** O01 for slots that are gone: what is left of them belongs to no step of the training. */
function lostProblems(restored: RestoredTraining, lost: readonly string[], work: Work): Problem[] {
  const there = work.file!.optimizerWeights.length;
  const gone = there === 0 && restored.optimizer !== null && lossIn(work) !== undefined;
  if (lost.length === 0 && !gone) return [];
  const name = restored.optimizer?.spec.className ?? "unknown";
  const names = `${lost.slice(0, 3).join(", ")}${lost.length > 3 ? ", …" : ""}`;
  return [
    {
      ...about("O01", work),
      subject: name,
      title: `The state of the optimizer is ${gone ? "lost" : "not whole"}: ${name}`,
      found: gone
        ? "No tensor of the optimizer's state can be reached in what is left of the file."
        : `${lost.length} of the ${lost.length + there} tensors that the file names for the optimizer are not there: ${names}.`,
      why: "The file was cut, edited or not written to its end.",
      advice:
        "The optimizer starts afresh. Its first steps will differ from those of the file's own training.",
    },
  ];
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
