import { openModelFile } from "../../formats/open.js";
import { problemOfThrown } from "../file-problem.js";
import type { StepResult, Work } from "../work.js";

/** Opens the file by what its first bytes say, and reads its table of contents. */
export async function identify(work: Work): Promise<StepResult> {
  try {
    work.file ??= await openModelFile(work.path);
    return { note: work.file.format, problems: [] };
  } catch (error) {
    return { note: "not a model file", problems: [problemOfThrown(error, work.path)] };
  }
}
