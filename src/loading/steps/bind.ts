import { CHECKSUMS_DIFFER } from "../../formats/checksums-differ.js";
import { isLoss } from "../../formats/changed-names.js";
import type { FormatFinding, ModelFile } from "../../formats/model-file.js";
import { clearVariables, type WeightConversion } from "../../keras/assign-weights.js";
import { bindWeights } from "../../keras/bind.js";
import type { KerasFinding } from "../../keras/finding.js";
import type { LayerSpec } from "../../keras/graph.js";
import { adjustmentsOfWeights } from "../adjustments/weights.js";
import { conversionProblem, grouped, kerasProblem } from "../problems/keras-problem.js";
import { count, plural } from "../../notation.js";
import { orGraph } from "../graph-rung/graph-fallback.js";
import { changedTensors, takeChangedTensors } from "../problems/read-anyway.js";
import { compared } from "../report/alignment-rows.js";
import { parsePairs } from "../weights/chosen-pairs.js";
import { chosenFor } from "../report/layer-marks.js";
import { offersFor } from "../problems/offers.js";
import { registerAgain, registeredName } from "../problems/registered-class.js";
import { skeletonRemedy } from "../problems/register-remedy.js";
import { registeredDefinition } from "../custom/definitions.js";
import type { Problem } from "../problem.js";
import { isTurnedByChoice, turnedKernels } from "../weights/turned-kernels.js";
import { leaveUntrained, trainAllOfFunctions } from "../weights/untrained-weights.js";
import { layersWithOtherWeights } from "../weights/unlike-layers.js";
import { decisionOn, type StepResult, type Work } from "../work.js";
import { isDamaged } from "../problems/file-problem.js";
import { wholeNumberKernels } from "../weights/whole-number-kernels.js";
import { isPartMissing } from "../weights/lost-weights.js";
import { salvageProblem } from "../weights/salvage.js";

/** Gives the variables their stored values. */
export async function bind(work: Work): Promise<StepResult> {
  if (work.rung === "graph") return { note: `${count(work.runnable!.parameters)} values`, problems: [] };
  const taken = takeChangedTensors(work, "bind");
  trainAllOfFunctions(work);
  const turned = turnedKernels(work);
  forgetBound(work);
  const result = await bindWeights(work.graph!, work.connection!.layers, work.file!.layers, work.origin!, {
    pairsFor: (path) => pairsFor(work, path ?? "model"),
    turned: (path) => turned.get(path) ?? null,
    leftOut: new Set([...(work.leftOut ?? []), ...withoutVariables(work)]),
  });
  work.sources = result.sources;
  const converted = new Set(result.conversions.map(({ layer }) => layer));
  work.weightNotes = wholeNumberKernels(result.sources, work.connection!.layers, converted);
  const all = goesWithout(work) ? [] : result.findings.map((finding) => coded(finding, work));
  const changed = all.filter(({ title }) => title === CHECKSUMS_DIFFER);
  const findings = all.filter((finding) => !changed.includes(finding));
  const { lost, others } = salvageProblem(findings, work);
  const step = {
    note: `${plural(result.bound, "variable")}`,
    problems: [
      ...(changed.length > 0 ? [changedTensors(changed.map(inTheFile(work)), "bind", work)] : taken),
      ...(lost ? [lost] : []),
      ...causes(perLayer(others).map((finding) => bindProblem(finding, work))),
      ...conversions(result.conversions, work),
      ...adjustmentsOfWeights(work),
      ...grouped(leaveUntrained(work)),
    ],
  };
  // Weights that are gone are gone for the graph too.
  if (lacksWeights(work.file!)) return step;
  const asks = step.problems.some(({ blocking }) => blocking) && work.decisions.length === 0;
  const unlike = asks && !work.unlike ? await layersWithOtherWeights(work) : null;
  if (!unlike || unlike.size === 0) return orGraph(work, step);
  work.unlike = unlike;
  return { note: "layers are made again, from their saved functions", problems: [], again: "resolve" };
}

/** What an earlier attempt bound and this one does not would stay, and the model would depend on the way to it. */
function forgetBound({ sources, connection }: Work): void {
  if (!sources) return;
  const standing = new Set([...connection!.layers.values()].flatMap(({ weights }) => weights));
  clearVariables([...sources.keys()].filter((variable) => standing.has(variable)));
}

/** What was read in another layout; what the user decided about it stays a problem of its own, so that recipes keep it. */
function conversions(made: readonly WeightConversion[], work: Work): Problem[] {
  const isDecided = ({ code, layer }: WeightConversion) => code === "W03" && isTurnedByChoice(layer, work);
  const asDecided = (conversion: WeightConversion): Problem => {
    const { applied, ...problem } = conversionProblem(conversion, work);
    return { ...problem, subject: conversion.layer, applied: { ...applied!, id: "permute" } };
  };
  const others = made.filter((conversion) => !isDecided(conversion));
  return [
    ...made.filter(isDecided).map(asDecided),
    ...grouped(others.map((conversion) => conversionProblem(conversion, work))),
  ];
}

const inTheFile =
  ({ path }: Work) =>
  ({ code, found, advice }: KerasFinding): FormatFinding => ({
    code,
    title: CHECKSUMS_DIFFER,
    where: path,
    detail: found,
    advice,
  });

/** Codes of files that are cut short, or whose weights cannot be read. */
const LOST_WEIGHTS = new Set(["F03", "F07", "F15"]);

function lacksWeights({ findings, layers }: ModelFile): boolean {
  return (
    findings.some((finding) => LOST_WEIGHTS.has(finding.code) || isPartMissing(finding)) ||
    layers.some(({ missing }) => missing.length > 0)
  );
}

/** There are no weights at all, and the user has said to go on without them when the file was read. */
function goesWithout(work: Work): boolean {
  const said = work.decisions.some(
    ({ code, subject, remedy }) => LACKING.has(code) && subject === work.path && remedy === "keep-initial",
  );
  return said && work.file!.layers.every(({ weights }) => weights.length === 0);
}

/** Layers that something without variables stands for, by the user's choice: zeros, or a SavedModel. */
function withoutVariables(work: Work): string[] {
  const isWithout = (spec: LayerSpec): boolean => {
    const remedy = chosenFor(spec, work)?.remedy;
    const held = work.outside?.get(spec.path)?.held === true;
    return remedy === "zeros-stub" || (remedy === "saved-model" && !held);
  };
  return work.graph!.layers.filter(isWithout).map(({ name }) => name);
}

/** Codes of files whose weights are missing. */
const LACKING = new Set(["F02", "F07", "F15"]);
const LAYER_CODES = ["W01", "W10", "W12", "F03"];

function pairsFor(work: Work, subject: string): "shown" | ReadonlyMap<string, string> | null {
  const decision = LAYER_CODES.map((code) => decisionOn(work, code, subject)).find(
    (made) => made?.remedy === "align",
  );
  if (!decision) return null;
  return decision.argument === undefined ? "shown" : parsePairs(decision.argument);
}

/** Layers that do not match have another code in a checkpoint, and where the file lacks a part of the model. */
function coded(finding: KerasFinding, work: Work): KerasFinding {
  if (finding.code !== "W01" || !finding.alignment) return finding;
  const cut = work.file!.findings.find(isLoss);
  if (cut)
    return {
      ...finding,
      code: "F03",
      why: `The file is ${isDamaged(cut) ? "damaged" : "cut short"} (F03), and these weights stood in the part that is gone.`,
      advice: "Look for a whole copy of the file; nothing can be computed with the initial values.",
    };
  const { layers } = work.file!;
  const any = layers.some(({ weights }) => weights.some(({ whole }) => whole));
  if (any && work.file!.findings.some(isPartMissing)) return { ...finding, code: "F03" };
  if (work.file!.format === "checkpoint") return { ...finding, code: "W10" };
  if (finding.layer === null && finding.alignment.every(({ file }) => file === null))
    return { ...finding, ...WITHOUT_ANY };
  if (finding.layer === null && isNamed(finding, work)) return { ...finding, ...LOST };
  const archive = work.file!.layers.some(({ inner }) => inner) || work.file!.format === "keras-archive";
  const lacks = finding.alignment.every(({ model }) => model !== null);
  return archive && lacks ? { ...finding, code: "W12" } : finding;
}

/** Every layer that the model alone has is one that a `.h5` lists and does not hold. */
function isNamed({ alignment = [] }: KerasFinding, { file }: Work): boolean {
  const lost = file!.findings.filter(({ code }) => code === "W05").map(({ where }) => where);
  if (lost.length === 0) return false;
  return alignment.every(({ model, file: stored }) =>
    stored ? model !== null : lost.includes(`/model_weights/${model!.name}`),
  );
}

const LOST = {
  code: "W05",
  why: "The file lists these layers and does not hold them: it was edited, or not written to its end.",
  advice: "",
};

/** The architecture is whole, and there is nothing beside it. */
const WITHOUT_ANY = {
  code: "F07",
  why: "The weights were left out, or were lost, when the file was written or copied.",
  advice: "",
};

/** One finding for each code and layer: a kernel and a bias of other shapes are one question. */
function perLayer(findings: readonly KerasFinding[]): KerasFinding[] {
  const merged = new Map<string, KerasFinding>();
  for (const finding of findings) {
    const key = `${finding.code} ${finding.layer ?? ""}`;
    const first = merged.get(key);
    merged.set(key, first ? { ...first, found: `${first.found}; ${finding.found}` } : finding);
  }
  return [...merged.values()];
}

/** Where a layer has another width than its weights, those behind it do not fit either: the first is the question. */
function causes(problems: readonly Problem[]): Problem[] {
  const adopts = ({ remedies }: Problem) => remedies.some(({ id }) => id === "adopt" || id === "input-shape");
  const shapes = problems.filter(({ code, blocking }) => code === "W03" && blocking);
  if (!shapes.some(adopts)) return [...problems];
  return problems.filter((problem) => !shapes.includes(problem) || adopts(problem));
}

function bindProblem(finding: KerasFinding, work: Work): Problem {
  const own = finding.layer === null ? undefined : work.madeBy?.get(finding.layer)?.spec;
  const problem =
    own && registeredDefinition(own) && /^W0[23]$/.test(finding.code)
      ? ofRegistered(finding, registeredName(own), work)
      : kerasProblem(finding, "bind", work, offersFor(finding, work));
  if (!finding.alignment) return problem;
  const layer = firstAlone(finding);
  return {
    ...problem,
    where: { ...problem.where, ...(layer === null ? {} : { layer }) },
    alignment: finding.alignment.map(compared),
  };
}

/** A class of the user's own makes other weights than the file has: the class is to be corrected. */
function ofRegistered(finding: KerasFinding, name: string, work: Work): Problem {
  const offers = offersFor(finding, work).filter(({ id }) => id !== "set" && id !== "adopt");
  return kerasProblem(
    {
      ...finding,
      why: `The class registered for \`${name}\` makes other weights in \`build\` than the file has for the layer.`,
      advice: "Let `build` make them in the file's order and shapes; the skeleton has them.",
    },
    "bind",
    work,
    [registerAgain(name), skeletonRemedy(name), ...offers],
  );
}

/** The first layer of the model for which the file has nothing, with the number of the others. */
function firstAlone({ layer, alignment = [] }: KerasFinding): string | null {
  const [first, ...others] = alignment.flatMap(({ model, file }) => (model && !file ? [model.name] : []));
  if (first === undefined) return null;
  const path = layer === null ? first : `${layer}/${first}`;
  return others.length === 0 ? path : `${path} and ${others.length} more`;
}
