import { FormatError, type FormatFinding } from "../formats/model-file.js";
import { fileMessages } from "./keras-messages.js";
import { sentence } from "./notation.js";
import type { Problem, Step } from "./problem.js";

/** A file that cannot be opened, or what a reader found in one that can, as a problem. */
export function fileProblem(finding: FormatFinding, step: Step, path: string, blocking: boolean): Problem {
  const { code, title, where, detail, advice } = finding;
  const byte = /^byte (\d+)$/.exec(where)?.[1];
  return {
    code,
    step,
    subject: where,
    title,
    where:
      byte !== undefined
        ? { file: path, byte: Number(byte) }
        : where === path
          ? { file: path }
          : { file: path, container: where },
    found: sentence(detail),
    why: WHY.get(code) ?? "",
    advice,
    kerasSays: fileMessages(code, path),
    evidence: null,
    remedies: [],
    blocking,
    applied: null,
  };
}

/** The problem in what `openModelFile` threw; an error that is no `FormatError` is a fault of ours and goes on. */
export function problemOfThrown(thrown: unknown, path: string): Problem {
  if (!(thrown instanceof FormatError)) throw thrown;
  const step: Step = /^F0[1245]$/.test(thrown.finding.code) ? "identify" : "read";
  return fileProblem(thrown.finding, step, path, true);
}

const WHY = new Map([
  [
    "F02",
    "What a file is, its content says and not its name. Pointers and web pages are often saved in a model's place.",
  ],
  ["F03", "The file ends before its own table of contents says: a download or a copy was cut off."],
  ["F04", "Relative paths start in the notebook's folder."],
  [
    "F09",
    "The file holds weights alone, as `model.save_weights` writes them. The architecture was never in it.",
  ],
  [
    "F18",
    "A model file may not make the reader open other files, or reserve more memory than it has content for.",
  ],
]);
