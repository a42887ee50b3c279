import { FormatError } from "../formats/model-file.js";
import { GraphError } from "../graph/graph-error.js";
import { openGraph } from "../graph/open-graph.js";
import { fileProblem } from "./file-problem.js";
import { kerasSays } from "./taxonomy/taxonomy.js";
import type { Problem, Remedy } from "./problem.js";
import type { StepResult, Work } from "./work.js";

/** Offered where layers cannot be made and the file has what TensorFlow would run: the numbers are the model's. */
export function runGraphRemedy(subject: string): Remedy {
  return {
    id: "graph",
    title: "Run the graph of operations that the file holds, without layers",
    fidelity: "exact",
    command: "%step fix # graph",
    code: `session.fix(${JSON.stringify(subject)}, "graph")`,
  };
}

/** Makes the file's graph ready to run. */
export async function connectGraph(work: Work): Promise<StepResult> {
  try {
    work.runnable ??= await openGraph(work.file!);
    const { inputs, outputs, signature } = work.runnable;
    const name = signature === null ? "inputs and outputs guessed" : `signature ${signature}`;
    return { note: `${name}, ${inputs.length} in, ${outputs.length} out`, problems: [] };
  } catch (error) {
    if (error instanceof GraphError)
      return { note: "the graph does not run", problems: [graphProblem(error, work)] };
    if (!(error instanceof FormatError)) throw error;
    return { note: "not readable", problems: [fileProblem(error.finding, "connect", work.path, true)] };
  }
}

/** Operations that nothing here can run. What does not need them still can. */
export function verifyGraph(work: Work): StepResult {
  const unknown = work.runnable!.unknownOps;
  const problems = unknown.map(({ op, nodes, feeds }): Problem => ({
    code: "O07",
    step: "verify",
    subject: op,
    title: `The operation ${op} is not known`,
    where: { file: work.path, layer: nodes[0] ?? op },
    found: `${nodes.length} of the graph's operations are ${op}; the outputs ${feeds.join(", ")} need it.`,
    why: "It is neither among the operations that run here nor registered.",
    advice: "registerGraphOp(name, (inputs, attributes) => outputs) gives it.",
    kerasSays: kerasSays("O07"),
    evidence: null,
    remedies: [],
    blocking: false,
    applied: null,
  }));
  return {
    note: unknown.length === 0 ? "every operation is known" : `${unknown.length} unknown operations`,
    problems,
  };
}

function graphProblem({ code, node, detail, advice }: GraphError, work: Work): Problem {
  const finding = { code, title: "The graph does not run", where: work.path, detail, advice };
  const problem = fileProblem(finding, "connect", work.path, true);
  return node === null ? problem : { ...problem, where: { file: work.path, layer: node } };
}
