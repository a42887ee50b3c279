import { CHECKSUMS_DIFFER } from "../../formats/checksums-differ.js";
import { FormatError, type FormatFinding } from "../../formats/model-file.js";
import { fileProblem } from "./file-problem.js";
import type { Problem, Remedy, Step } from "../problem.js";
import { chosen, type Work } from "../work.js";

const READ_ANYWAY: Remedy = {
  id: "read-anyway",
  title: "Read the file as it stands; the summary shows what came of it",
  fidelity: "approximate",
  command: "%step fix # read-anyway",
  code: 'session.fix(1, "read-anyway")',
};

const WHY = "A download, a disk or an edit has changed bytes inside the file after it was written.";

/** Bytes that have changed may be anything: only the user can say that they are good enough. */
export function readAnyway(problem: Problem, work: Work): Problem {
  const applied = chosen(work, problem.code, problem.subject) === READ_ANYWAY.id ? READ_ANYWAY : null;
  return { ...problem, why: WHY, remedies: [READ_ANYWAY], applied, blocking: applied === null };
}

/** The finding of a tensor whose own checksum does not match; null for any other error. */
export function changedTensor(error: unknown): FormatFinding | null {
  return error instanceof FormatError && error.finding.title === CHECKSUMS_DIFFER ? error.finding : null;
}

/**
 * Lets the file read such tensors as they stand, if the user has said so, and says so.
 * @returns the decision as a problem that is settled; nothing where none was made
 */
export function takeChangedTensors(work: Work, step: Step): Problem[] {
  const yes = chosen(work, "F03", work.path) === READ_ANYWAY.id;
  work.file!.takeChanged?.(yes);
  return yes && work.file!.takeChanged ? [changedTensors([TAKEN], step, work)] : [];
}

const TAKEN: FormatFinding = {
  code: "F03",
  title: CHECKSUMS_DIFFER,
  where: "",
  detail: "tensors whose bytes do not match their checksums are read as they stand",
  advice: "",
};

/** All tensors whose own checksums do not match, as one question. */
export function changedTensors(findings: readonly FormatFinding[], step: Step, work: Work): Problem {
  const [first] = findings;
  const others = findings.length > 1 ? `; those of ${findings.length - 1} more tensors neither` : "";
  const detail = `${first!.detail}${others}`;
  const problem = fileProblem({ ...first!, detail }, step, work.path, true);
  return readAnyway({ ...problem, subject: work.path }, work);
}
