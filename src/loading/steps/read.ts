import type { FormatFinding, ModelFile } from "../../formats/model-file.js";
import { CHECKSUMS_DIFFER } from "../../formats/checksums-differ.js";
import { adjustmentsOfFile } from "../adjustments/file.js";
import { adjustmentsOfTraining } from "../adjustments/training.js";
import { fileProblem, isDamaged, saysNoConfig } from "../problems/file-problem.js";
import { plural } from "../../notation.js";
import {
  suggestingFile,
  unopened,
  WEIGHTS_FROM,
  WITHOUT_WEIGHTS,
  withWeightsFrom,
} from "../problems/other-file.js";
import type { Problem } from "../problem.js";
import { readAnyway } from "../problems/read-anyway.js";
import { isPartMissing } from "../weights/lost-weights.js";
import { settledProblem } from "../problems/keras-problem.js";
import { chosen, type StepResult, type Work } from "../work.js";

/** Reports what the reader found in the container: how much is there, what is lost. */
export async function read(work: Work): Promise<StepResult> {
  const taken = await takeWeights(work);
  const file = work.file!;
  const { layers, config } = file;
  const findings = [...(await verify(file, work)), ...file.findings];
  const weights = layers.reduce((sum, layer) => sum + layer.weights.length, 0);
  const whole = layers.flatMap((layer) => layer.weights).filter((weight) => weight.whole).length;
  const withWeights = layers.filter((layer) => layer.weights.length > 0).length;
  const reported = findings.filter((finding) => !isSaidLater(finding, config !== null));
  return {
    note: `${plural(weights, "tensor")} in ${plural(withWeights, "layer")}`,
    problems: [
      ...(taken ? [taken] : []),
      ...reported.map((finding) => readProblem(finding, whole, work)),
      ...adjustmentsOfFile(work),
      ...adjustmentsOfTraining(work),
    ],
  };
}

async function verify(file: ModelFile, work: Work): Promise<readonly FormatFinding[]> {
  if (work.verified?.file !== file) work.verified = { file, findings: (await file.verify?.()) ?? [] };
  return work.verified.findings;
}

/**
 * That there is no architecture is for `configure` to say, which can be given one; what lacks of the weights for
 * `bind`, which knows which layer wants them, and for `train`.
 */
function isSaidLater(finding: FormatFinding, hasConfig: boolean): boolean {
  if (!hasConfig) return saysNoConfig(finding);
  const { code, where } = finding;
  return code === "W05" && /^\/(model_weights|optimizer_weights)\//.test(where);
}

/** Codes of a file from which the weights as a whole are missing. */
const WITHOUT = new Set(["F07", "F15"]);

function isWithout(finding: FormatFinding): boolean {
  return WITHOUT.has(finding.code) || isPartMissing(finding);
}

function readProblem(finding: FormatFinding, whole: number, work: Work): Problem {
  const problem = fileProblem(finding, "read", work.path, false);
  const { code } = finding;
  if (finding.title === CHECKSUMS_DIFFER) return readAnyway(problem, work);
  if (isDamaged(finding) || isCut(finding)) return salvaged(problem);
  if (!isWithout(finding)) return repaired(problem);
  // That the objects cannot be listed, and which tensors are gone, follows from a part that is missing.
  const { findings } = work.file!;
  const asked = findings.find(isPartMissing) ?? findings.findLast(isWithout);
  if (work.weightsFrom !== undefined || whole > 0 || work.file!.config === null || finding !== asked)
    return problem;
  const remedies = [suggestingFile(WEIGHTS_FROM, finding.choices), WITHOUT_WEIGHTS];
  const applied = remedies.find(({ id }) => id === chosen(work, code, work.path)) ?? null;
  return { ...problem, subject: work.path, remedies, applied, blocking: applied === null };
}

/** Whether a file or one of its parts ends too early; which tensors that took, binding tells. */
function isCut({ code, title }: FormatFinding): boolean {
  return (code === "F01" && /^Truncated/.test(title)) || code === "F03";
}

/** What is whole of a damaged file was read; what is not, binding the weights asks about. */
function salvaged(problem: Problem): Problem {
  return { ...problem, applied: { id: "adjust", title: problem.found, fidelity: "approximate" } };
}

/** Findings of readers that opened the file in spite of what they found: that is their remedy. */
const READ_AS_IT_IS = new Set(["F01", "F02", "F06", "F08", "F12", "F14", "C22"]);

function repaired(problem: Problem): Problem {
  if (!READ_AS_IT_IS.has(problem.code) || /not JSON|No config/.test(problem.title)) return problem;
  return { ...problem, applied: { id: "adjust", title: problem.found, fidelity: "exact" } };
}

/** Weights from a file that the user pointed to. */
async function takeWeights(work: Work): Promise<Problem | null> {
  const decision = work.decisions.findLast(({ remedy }) => remedy === "weights");
  if (decision?.argument === undefined) return null;
  const { code, subject, argument } = decision;
  try {
    if (work.weightsFrom !== argument) work.file = await withWeightsFrom(work.file!, argument);
    work.weightsFrom = argument;
  } catch (error) {
    return { ...unopened(error, work), code, subject, remedies: [WEIGHTS_FROM, WITHOUT_WEIGHTS] };
  }
  const found = `the weights are those of ${argument}`;
  return settledProblem(
    { code, step: "read", subject, layer: null, found, fidelity: "exact", remedy: "weights" },
    work,
  );
}
