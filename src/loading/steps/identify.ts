import { openModelFile } from "../../formats/open.js";
import { problemOfThrown } from "../problems/file-problem.js";
import { openedInstead, openOffers } from "../problems/other-file.js";
import type { StepResult, Work } from "../work.js";

/** Opens the file by what its first bytes say, and reads its table of contents. */
export async function identify(work: Work): Promise<StepResult> {
  const instead = openedInstead(work);
  const given = work.decisions.findLast(({ remedy }) => remedy === "open")?.argument;
  if (given !== undefined && given !== work.opened) {
    work.file?.close();
    delete work.file;
    work.opened = given;
  }
  const path = work.opened ?? work.path;
  try {
    if (work.unreached && work.opened === undefined) throw work.unreached;
    work.file ??= await openModelFile(path);
    return { note: work.file.format, problems: instead ? [instead] : [] };
  } catch (error) {
    const { problem, choices } = problemOfThrown(error, work.path);
    const remedies = openOffers(problem, path, choices);
    return { note: "not a model file", problems: [{ ...problem, subject: work.path, remedies }] };
  }
}
