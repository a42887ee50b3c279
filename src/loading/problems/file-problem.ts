import { FormatError, type FormatFinding } from "../../formats/model-file.js";
import { sentence } from "../../notation.js";
import type { Problem, Step } from "../problem.js";
import { kerasSays, whyOf } from "../taxonomy/taxonomy.js";

/** A file that cannot be opened, or what a reader found in one that can, as a problem. */
export function fileProblem(finding: FormatFinding, step: Step, path: string, blocking: boolean): Problem {
  const { code, title, where, detail, advice } = finding;
  const told = [title, detail, path].join("\n");
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
    why: whyOf(code, told),
    advice,
    kerasSays: kerasSays(code, { path }, told),
    evidence: null,
    remedies: [],
    blocking,
    applied: null,
  };
}

/** Whether a finding says why there is no configuration: one question with the other ways to come by one. */
export function saysNoConfig({ code, title }: FormatFinding): boolean {
  return code === "F09" || /^(model_config|config\.json) is not JSON$|^No config\.json/.test(title);
}

/** Whether bytes inside the file are spoiled, not those behind its end missing. */
export function isDamaged({ title }: FormatFinding): boolean {
  return /^Damaged file/.test(title);
}

/**
 * The problem in what `openModelFile` threw, and the models that it found to choose from; an error that is no
 * `FormatError` is a fault of ours and goes on.
 */
export function problemOfThrown(
  thrown: unknown,
  path: string,
): { problem: Problem; choices: readonly string[] } {
  if (!(thrown instanceof FormatError)) throw thrown;
  const { finding } = thrown;
  const step: Step = /^F(0[1245]|1[67])$/.test(finding.code) ? "identify" : "read";
  return { problem: fileProblem(finding, step, path, true), choices: finding.choices ?? [] };
}
