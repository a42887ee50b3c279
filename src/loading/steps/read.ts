import { fileProblem } from "../file-problem.js";
import type { StepResult, Work } from "../work.js";

/** Reports what the reader found in the container: how much is there, what is lost. */
export async function read(work: Work): Promise<StepResult> {
  const { findings, layers } = work.file!;
  const weights = layers.reduce((sum, layer) => sum + layer.weights.length, 0);
  const withWeights = layers.filter((layer) => layer.weights.length > 0).length;
  return {
    note: `${weights} tensors in ${withWeights} layers`,
    // Without a config there is nothing to make layers of; everything else a reader can live with.
    problems: findings.map((finding) => fileProblem(finding, "read", work.path, finding.code === "F09")),
  };
}
