import type { ModelGraph } from "../../keras/graph.js";
import type { Decision, Problem } from "../problem.js";
import { kerasSays, titleOf, whyOf } from "../taxonomy/taxonomy.js";
import type { Work } from "../work.js";
import type { Edited, GraphEdit } from "./edited.js";
import { adopt, replaceClass, setArguments, takeVocabulary } from "./argument-edits.js";
import { connectTo, cutAt, inputAt, inputShape, outputAt } from "./graph-edits.js";

/** Remedies that change what the config says. They are taken before the first layer is made. */
const EDITS: ReadonlyMap<string, GraphEdit> = new Map([
  ["set", setArguments],
  ["adopt", adopt],
  ["replace", replaceClass],
  ["vocabulary", takeVocabulary],
  ["input-shape", inputShape],
  ["connect", connectTo],
  ["output", outputAt],
  ["input", inputAt],
  ["cut", cutAt],
]);

export function isEdit(remedy: string): boolean {
  return EDITS.has(remedy);
}

/** The graph with every edit that was decided on, in order, and each edit as a settled problem. */
export function editGraph(graph: ModelGraph, work: Work): { graph: ModelGraph; settled: Problem[] } {
  let edited = graph;
  const settled: Problem[] = [];
  delete work.leftOut;
  for (const decision of work.decisions) {
    const result = tryEdit(edited, decision, work);
    if (!result) continue;
    edited = result.graph;
    settled.push(settledBy(decision, result, work));
  }
  return { graph: edited, settled };
}

/** A file of a recipe that is gone, a shape that is none: the edit is not made, and the problem is there again. */
function tryEdit(graph: ModelGraph, decision: Decision, work: Work): Edited | null {
  try {
    return EDITS.get(decision.remedy)?.(graph, decision, work) ?? null;
  } catch (error) {
    if (error instanceof RangeError || (error as NodeJS.ErrnoException).code !== undefined) return null;
    throw error;
  }
}

function settledBy(decision: Decision, { done, fidelity }: Edited, work: Work): Problem {
  const { code, subject, remedy } = decision;
  return {
    code,
    step: "configure",
    subject,
    title: titleOf(code),
    where: subject === "model" ? { file: work.path } : { file: work.path, layer: subject },
    found: done,
    why: whyOf(code),
    advice: "",
    kerasSays: kerasSays(code),
    evidence: null,
    remedies: [],
    blocking: false,
    applied: { id: remedy, title: done, fidelity },
  };
}
