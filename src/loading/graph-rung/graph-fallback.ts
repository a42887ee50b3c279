import { holdsGraph } from "../../formats/graph-contents.js";
import { FormatError } from "../../formats/model-file.js";
import { GraphError } from "../../graph/graph-error.js";
import { openGraph } from "../../graph/open-graph.js";
import { runGraphRemedy } from "./graph-rung.js";
import type { Problem } from "../problem.js";
import type { StepResult, Work } from "../work.js";

/**
 * Where layers have a question and the file holds the graph that TensorFlow would run, the graph is taken: its numbers
 * are the model's, so nothing has to be asked. Not once the user has decided anything, nor where the graph does not run.
 */
export async function orGraph(work: Work, result: StepResult): Promise<StepResult> {
  const asked = result.problems.some(({ blocking }) => blocking);
  if (!asked || work.decisions.length > 0 || !holdsGraph(work.file!) || !(await graphRuns(work)))
    return result;
  work.rung = "graph";
  delete work.model;
  return {
    note: `${result.note}; the file's graph of operations runs`,
    problems: result.problems.map(answered),
  };
}

async function graphRuns(work: Work): Promise<boolean> {
  try {
    work.runnable ??= await openGraph(work.file!);
    return work.runnable.unknownOps.length === 0 && work.runnable.unset.length === 0;
  } catch (error) {
    if (error instanceof GraphError || error instanceof FormatError) return false;
    throw error;
  }
}

function answered(problem: Problem): Problem {
  if (!problem.blocking) return problem;
  const offered = problem.remedies.find(({ id }) => id === "graph");
  const remedy = offered ?? runGraphRemedy(problem.subject);
  return {
    ...problem,
    remedies: offered === undefined ? [remedy, ...problem.remedies] : problem.remedies,
    applied: remedy,
    blocking: false,
  };
}
