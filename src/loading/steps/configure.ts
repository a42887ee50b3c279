import { kerasOrigin } from "../../keras/origin.js";
import { eachLayer, readModelGraph } from "../../keras/read-graph.js";
import { fileProblem } from "../file-problem.js";
import { kerasProblem } from "../keras-problem.js";
import type { StepResult, Work } from "../work.js";

/** Reads the saved config into layers and the calls that connect them. */
export async function configure(work: Work): Promise<StepResult> {
  const file = work.file!;
  if (file.config === null) return withoutConfig(work);
  const origin = kerasOrigin(file.kerasVersion, file.backend, file.config);
  const { graph, findings } = readModelGraph(file.config, origin);
  work.origin = origin;
  if (graph === null) {
    return {
      note: "no layers",
      problems: findings.map((finding) => kerasProblem({ ...finding, blocking: true }, "configure", work)),
    };
  }
  work.graph = graph;
  work.graphFindings = findings;
  return { note: `${[...eachLayer(graph)].length} layers, Keras ${origin.major}`, problems: [] };
}

function withoutConfig({ file, path }: Work): StepResult {
  const finding = {
    code: "F09",
    title: "Weights without an architecture",
    where: path,
    detail: `there is no model_config in it, but weights of ${file!.layers.length} layers`,
    advice: "Look for the model's .json, or for the Python code that built it.",
  };
  return { note: "no config", problems: [fileProblem(finding, "configure", path, true)] };
}
