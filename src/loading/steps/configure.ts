import { readArchitecture, withArchitecture } from "../../formats/architecture.js";
import { holdsGraph } from "../../formats/graph-contents.js";
import { FormatError } from "../../formats/model-file.js";
import { kerasOrigin } from "../../keras/origin.js";
import { eachLayer, readModelGraph } from "../../keras/read-graph.js";
import { fileProblem } from "../file-problem.js";
import { runGraphRemedy } from "../graph-rung.js";
import { kerasProblem } from "../keras-problem.js";
import type { Problem, Remedy } from "../problem.js";
import { chosen, decisionOn, type StepResult, type Work } from "../work.js";

/** Reads the saved config into layers and the calls that connect them. */
export async function configure(work: Work): Promise<StepResult> {
  const file = work.file!;
  if (file.config === null && holdsGraph(file)) {
    work.rung = "graph";
    return { note: "no layers: a graph of operations", problems: [] };
  }
  const given = await takeArchitecture(work);
  return work.file!.config === null
    ? { note: "no architecture", problems: [withoutConfig(work, given)] }
    : readConfig(work, given);
}

function readConfig(work: Work, given: Problem | null): StepResult {
  const { kerasVersion, backend, config } = work.file!;
  const origin = kerasOrigin(kerasVersion, backend, config);
  const { graph, findings } = readModelGraph(config!, origin);
  work.origin = origin;
  if (graph === null) return withoutLayers(work, findings);
  work.graph = graph;
  work.graphFindings = findings;
  return {
    note: `${[...eachLayer(graph)].length} layers, Keras ${origin.major}`,
    problems: given ? [given] : [],
  };
}

/** A subclassed model: its layers are in Python code alone, but a SavedModel has its graph as well. */
function withoutLayers(work: Work, findings: ReturnType<typeof readModelGraph>["findings"]): StepResult {
  const offers = holdsGraph(work.file!) ? [runGraphRemedy("model")] : [];
  const problems = findings.map((finding) =>
    kerasProblem({ ...finding, layer: null, blocking: true }, "configure", work, offers),
  );
  if (problems.some(({ applied }) => applied?.id === "graph")) work.rung = "graph";
  return { note: "no layers in the config", problems };
}

/** Applies an architecture that the user gave. @returns what was taken, or why it could not be read */
async function takeArchitecture(work: Work): Promise<Problem | null> {
  const decision = decisionOn(work, "F09", work.path);
  if (decision?.remedy !== "architecture" || decision.argument === undefined) return null;
  try {
    if (work.file!.config === null) {
      work.file = withArchitecture(work.file!, await readArchitecture(decision.argument), "that you gave");
    }
    const [taken] = work.file!.findings;
    return {
      ...fileProblem(taken!, "configure", work.path, false),
      subject: work.path,
      applied: ARCHITECTURE,
    };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { ...fileProblem(error.finding, "configure", work.path, true), remedies: [ARCHITECTURE] };
  }
}

const ARCHITECTURE: Remedy = {
  id: "architecture",
  title: "Give the architecture, as `model.to_json()` wrote it",
  fidelity: "exact",
  needs: "PATH",
  command: "%step fix # architecture PATH",
  code: 'session.fix(1, "architecture", "model.json")',
};

function withoutConfig(work: Work, failed: Problem | null): Problem {
  const said = work.file!.findings.find(({ code }) => code === "F09") ?? {
    code: "F09",
    title: "Weights without an architecture",
    where: work.path,
    detail: `there is no model_config in it, but weights of ${work.file!.layers.length} layers`,
    advice: "Look for the model's .json, or for the Python code that built it.",
  };
  const problem = fileProblem(said, "configure", work.path, true);
  const retold = failed ? `${failed.title}: ${failed.found} ` : "";
  return {
    ...problem,
    subject: work.path,
    found: `${retold}${problem.found}`,
    blocking: failed !== null || chosen(work, "F09", work.path) === null,
    remedies: [ARCHITECTURE],
  };
}
