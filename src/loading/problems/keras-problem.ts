import type { WeightConversion } from "../../keras/assign-weights.js";
import type { KerasFinding } from "../../keras/finding.js";
import type { Fidelity } from "../../layers/fidelity.js";
import type { Adjustment } from "../../layers/registry.js";
import type { LayerSpec } from "../../keras/graph.js";
import { isDamaged } from "./file-problem.js";
import { evidenceFor } from "../report/evidence.js";
import { isEdit } from "../edits/edit.js";
import { sentence } from "../../notation.js";
import type { Place, Problem, Remedy, Step } from "../problem.js";
import { kerasSays, titleOf, whyOf } from "../taxonomy/taxonomy.js";
import { chosen, type Work } from "../work.js";

/** A finding about the config, the graph or the weights as a problem. */
export function kerasProblem(
  finding: KerasFinding,
  step: Step,
  work: Work,
  offers: readonly Remedy[] = [],
): Problem {
  const { code, layer, found, why, advice, blocking } = finding;
  const subject = layer ?? "model";
  const taken = chosen(work, code, subject);
  const read: Remedy = { id: "adjust", title: sentence(found), fidelity: "exact" };
  // An edit that was made and did not help leaves the question open.
  const chose = taken !== null && isEdit(taken) ? null : taken;
  const applied = offers.find(({ id }) => id === chose) ?? (/^G0[23]$/.test(code) && !blocking ? read : null);
  return {
    code,
    step,
    subject,
    title:
      code === "F03" && work.file?.findings.some(isDamaged)
        ? "The file is damaged: weights are missing"
        : title(finding),
    where: layer === null ? { file: work.path } : { file: work.path, layer },
    found: sentence(found),
    why: sentence(why),
    advice: sentence(advice),
    kerasSays: kerasSays(
      code,
      { path: work.path, ...(layer === null ? {} : { name: layer.slice(layer.lastIndexOf("/") + 1) }) },
      `${found}\n${work.path}`,
    ),
    evidence: layer === null ? null : evidenceFor(work, layer),
    remedies: offers,
    blocking: blocking && applied === null,
    applied,
  };
}

const TITLES = new Map([
  ["A24", "An argument cannot be right"],
  ["C16", "An activation is unknown"],
  ["C21", "The registered class does not work here"],
  ["F01", "The file is cut off: weights are missing"],
  ["F03", "The file is cut off: weights are missing"],
  ["F07", "The file has no weights"],
  ["G01", "The graph has a cycle or a hole"],
  ["G02", "Connected to a layer that is missing"],
  ["G05", "Outputs that no input reaches"],
  ["G03", "A connection points at a call that does not exist"],
  ["G07", "The input shape is not in the file"],
  ["G11", "The shapes do not fit together"],
  ["O08", "The trial run failed"],
  ["W01", "The file has weights for other layers"],
  ["W02", "The file has another number of weights"],
  ["W03", "A stored weight has another shape"],
  ["W04", "Weights are stored for a layer that has none"],
  ["W05", "A weight is missing in the file"],
  ["W12", "The file lacks the weights of a part of the model"],
  ["W13", "Weights that are not finite"],
]);

function title({ code, title: own, layer, argument }: KerasFinding): string {
  if (code === "C02" && layer === null) return "The model is a class of its own, without a list of layers";
  const general =
    own ?? TITLES.get(code) ?? (code.startsWith("W") ? "Weights do not fit" : "The layer cannot be made");
  const name = layer === null ? "" : `: ${layer.slice(layer.lastIndexOf("/") + 1)}`;
  return `${general}${name}${argument === undefined ? "" : ` (${argument})`}`;
}

/** What was corrected without asking, or by a decision that is in force. */
export interface Settled {
  readonly code: string;
  readonly step: Step;
  readonly subject: string;
  readonly layer: string | null;
  readonly found: string;
  readonly fidelity: Fidelity;
  /** Id of the remedy that was decided on; absent where nothing was asked. */
  readonly remedy?: string;
}

export function settledProblem(
  { code, step, subject, layer, found, fidelity, remedy }: Settled,
  work: Work,
): Problem {
  return {
    code,
    step,
    subject,
    title: titleOf(code),
    where: layer === null ? { file: work.path } : { file: work.path, layer },
    found: sentence(found),
    why: whyOf(code),
    advice: "",
    kerasSays: kerasSays(code, { path: work.path }, `${found}\n${work.path}`),
    evidence: null,
    remedies: [],
    blocking: false,
    applied: { id: remedy ?? "adjust", title: sentence(found), fidelity },
  };
}

/** An argument that a layer renamed, dropped or ignored, as a settled problem. */
export function adjustmentProblem(spec: LayerSpec, adjustment: Adjustment, work: Work): Problem {
  const { code, argument, detail, fidelity, why } = adjustment;
  return {
    code,
    step: "connect",
    subject: `${spec.path}.${argument}`,
    title: argument === "dtype" ? "Dtype policy" : `${spec.className}: ${argument}`,
    where: { file: work.path, layer: spec.path },
    found: detail,
    why: why ?? whyOf(code),
    advice: "",
    kerasSays: kerasSays(code),
    evidence: null,
    remedies: [],
    blocking: false,
    applied: { id: "adjust", title: detail, fidelity },
  };
}

/** A layout of stored weights that was changed into today's, as a settled problem. */
export function conversionProblem(conversion: WeightConversion, work: Work): Problem {
  const { layer, code, detail, fidelity } = conversion;
  return {
    code,
    step: "bind",
    subject: `${layer}.weights`,
    title: "Weights in another layout",
    where: { file: work.path, layer },
    found: detail,
    why: "The file was written by another version, back end or precision of Keras, which lays the same numbers out otherwise.",
    advice: "",
    kerasSays: kerasSays(code),
    evidence: null,
    remedies: [],
    blocking: false,
    applied: { id: "convert", title: detail, fidelity },
  };
}

/** The first of several layers, and how many others there are; all of them for who marks them. */
export function placeOf(file: string, paths: readonly string[]): Place {
  const [first, ...others] = paths;
  if (first === undefined) return { file };
  return others.length === 0
    ? { file, layer: first }
    : { file, layer: `${first} and ${others.length} more`, layers: paths };
}

/** Problems of the same kind at many layers become one that names the first and counts the others. */
export function grouped(problems: readonly Problem[]): Problem[] {
  const groups = new Map<string, Problem[]>();
  for (const problem of problems) {
    const key = JSON.stringify([problem.code, problem.title, problem.found]);
    const group = groups.get(key);
    if (group) group.push(problem);
    else groups.set(key, [problem]);
  }
  return [...groups.values()].map((group) => {
    const [first] = group as [Problem, ...Problem[]];
    const paths = group.flatMap(({ where }) => where.layer ?? []);
    return { ...first, where: { ...first.where, ...placeOf(first.where.file, paths) } };
  });
}

/** The worst of several fidelities. */
export function worst(fidelities: readonly Fidelity[]): Fidelity {
  const order: readonly Fidelity[] = ["exact", "equivalent", "approximate", "stub"];
  return fidelities.reduce((a, b) => (order.indexOf(b) > order.indexOf(a) ? b : a), "exact");
}
