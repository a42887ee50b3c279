import { FOREIGN_PART } from "../../formats/foreign-part.js";
import { isLoss } from "../../formats/changed-names.js";
import type { FormatFinding } from "../../formats/model-file.js";
import type { Work } from "../work.js";

/** What the file has lost weights by: a part that is missing, a cut, damage; undefined for a sound file. */
export function lossIn({ file }: Pick<Work, "file">): FormatFinding | undefined {
  const findings = file?.findings ?? [];
  return (
    findings.find(isPartMissing) ??
    findings.find(isLoss) ??
    findings.find(({ code, title }) => code === "F01" && /Truncated/.test(title))
  );
}

/** One of the files that the weights are stored in is not there, or something else in its place. */
export function isPartMissing({ code, title }: FormatFinding): boolean {
  return (
    title === FOREIGN_PART ||
    ((code === "F07" || code === "F15") && /^A (part|shard) of the weights is missing/.test(title))
  );
}
