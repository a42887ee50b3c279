import { fileProblem } from "../file-problem.js";
import type { StepResult, Work } from "../work.js";

/** Reports what the reader found in the container: how much is there, what is lost. */
export async function read(work: Work): Promise<StepResult> {
  const { findings, layers, config } = work.file!;
  const weights = layers.reduce((sum, layer) => sum + layer.weights.length, 0);
  const withWeights = layers.filter((layer) => layer.weights.length > 0).length;
  // That there is no architecture is for `configure` to say, which can be given one.
  const reported = config === null ? findings.filter(({ code }) => code !== "F09") : findings;
  return {
    note: `${weights} tensors in ${withWeights} layers`,
    problems: reported.map((finding) => fileProblem(finding, "read", work.path, false)),
  };
}
