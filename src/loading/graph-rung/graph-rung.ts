import { FormatError } from "../../formats/model-file.js";
import { GraphError } from "../../graph/graph-error.js";
import { openGraph } from "../../graph/open-graph.js";
import { fileProblem } from "../problems/file-problem.js";
import { printable } from "../../notation.js";
import { WEIGHTS_FROM } from "../problems/other-file.js";
import { changedTensor, changedTensors, takeChangedTensors } from "../problems/read-anyway.js";
import { kerasSays } from "../taxonomy/taxonomy.js";
import type { Problem, Remedy } from "../problem.js";
import { chosen, type StepResult, type Work } from "../work.js";

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
    const taken = takeChangedTensors(work, "connect");
    work.runnable ??= await openGraph(work.file!);
    const { inputs, outputs, signature, unset } = work.runnable;
    const name = signature === null ? "inputs and outputs guessed" : `signature ${signature}`;
    return {
      note: `${name}, ${inputs.length} in, ${outputs.length} out`,
      problems: [...taken, ...withoutValues(unset, work)],
    };
  } catch (error) {
    if (error instanceof GraphError)
      return { note: "the graph does not run", problems: [graphProblem(error, work)] };
    const changed = changedTensor(error);
    if (changed) return { note: "not readable", problems: [changedTensors([changed], "connect", work)] };
    if (!(error instanceof FormatError)) throw error;
    return { note: "not readable", problems: [fileProblem(error.finding, "connect", work.path, true)] };
  }
}

/** A graph whose variables are in another file, or were left behind, computes nothing: that file is asked for. */
function withoutValues(unset: readonly string[], work: Work): Problem[] {
  if (unset.length === 0) return [];
  const names = unset
    .slice(0, 5)
    .map((name) => `\`${name}\``)
    .join(", ");
  const more = unset.length > 5 ? `, and ${unset.length - 5} more` : "";
  const finding = {
    code: "F15",
    title: "The graph's variables have no values",
    where: work.path,
    detail: `the graph reads ${unset.length} variables whose values are not in the file: ${names}${more}`,
    advice: "Give the checkpoint that was saved with it (model.ckpt-N), or a frozen graph of the model.",
  };
  const applied = chosen(work, "F15", work.path) === AS_IT_IS.id ? AS_IT_IS : null;
  const problem = fileProblem(finding, "connect", work.path, applied === null);
  return [{ ...problem, why: VALUES_ELSEWHERE, remedies: [WEIGHTS_FROM, AS_IT_IS], applied }];
}

const VALUES_ELSEWHERE =
  "A graph's variables have their values in a checkpoint: the folder `variables/` of a SavedModel, `model.ckpt-N` of TensorFlow 1. It is not with the graph.";

const AS_IT_IS: Remedy = {
  id: "keep-initial",
  title: "Load it as it is: what reads none of them can be computed",
  fidelity: "stub",
  command: "%step fix # keep-initial",
  code: 'session.fix(1, "keep-initial")',
};

/** Operations that nothing here can run. What does not need them still can. */
export function verifyGraph(work: Work): StepResult {
  const unknown = work.runnable!.unknownOps;
  // What needs none of them can be run meanwhile; where that is nothing, the load waits.
  const stuck = work.runnable!.outputs.every(({ name }) => unknown.some(({ feeds }) => feeds.includes(name)));
  const problems = unknown.map(({ op, nodes, feeds }): Problem => ({
    code: "O07",
    step: "verify",
    subject: op,
    title: `The operation ${printable(op)} is not known`,
    where: { file: work.path, layer: nodes[0] ?? op },
    found: `${places(nodes)} ${nodes.length === 1 ? "is" : "are"} of the kind ${op}; the outputs ${feeds.join(", ")} need it.`,
    why:
      op === "XlaCallModule"
        ? "The model comes from JAX, as a program that only XLA runs. Exported with jax2tf.convert(..., native_serialization=False), it holds operations."
        : "It is neither among the operations that run here nor registered.",
    advice: stuck ? "" : `The other outputs can be run: model.signatures.NAME(inputs, ["OUTPUT"]).`,
    kerasSays: kerasSays("O07"),
    evidence: null,
    remedies: opRemedies(op),
    blocking: stuck && chosen(work, "O07", op) === null,
    applied: chosen(work, "O07", op) === null ? null : opRemedies(op).at(-1)!,
  }));
  return {
    note: unknown.length === 0 ? "every operation is known" : `${unknown.length} unknown operations`,
    problems,
  };
}

function places(nodes: readonly string[]): string {
  const shown = nodes.slice(0, 3).map((node) => `\`${node}\``);
  return nodes.length > 3 ? `${shown.join(", ")} and ${nodes.length - 3} more` : shown.join(", ");
}

function opRemedies(op: string): Remedy[] {
  return [
    {
      id: "register",
      title: "Register a function for it",
      fidelity: "equivalent",
      command: `%%register_custom ${op}`,
      code: `registerCustom(${JSON.stringify(op)}, (inputs, { attributes }) => ...)`,
    },
    {
      id: "skeleton",
      title: "Print a cell to complete, with its inputs and attributes",
      fidelity: "equivalent",
      command: `%register_custom ${op}`,
      code: `skeleton(${JSON.stringify(op)}, session.source(${JSON.stringify(op)}))`,
    },
    {
      id: "leave-out",
      title: "Load it as it is: any other tensor of the graph can be computed",
      fidelity: "stub",
      command: "%step fix # leave-out",
      code: `session.fix(${JSON.stringify(op)}, "leave-out")`,
    },
  ];
}

function graphProblem({ code, node, detail, advice }: GraphError, work: Work): Problem {
  const finding = { code, title: "The graph does not run", where: work.path, detail, advice };
  const problem = fileProblem(finding, "connect", work.path, true);
  return node === null ? problem : { ...problem, where: { file: work.path, layer: node } };
}
