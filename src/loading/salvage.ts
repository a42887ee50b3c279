import type { KerasFinding } from "../keras/finding.js";
import { isDamaged } from "./file-problem.js";
import { kerasProblem } from "./keras-problem.js";
import { plural } from "./notation.js";
import type { Problem, Remedy } from "./problem.js";
import type { Work } from "./work.js";

/**
 * The weights that a cut-off or damaged file has lost, as one question in place of one for each: go on with what is
 * whole, or not. Other findings pass.
 */
export function salvageProblem(
  findings: readonly KerasFinding[],
  work: Work,
): { lost: Problem | null; others: readonly KerasFinding[] } {
  const cut = work.file!.findings.find(
    ({ code, title }) => code === "F03" || (code === "F01" && /Truncated/.test(title)),
  );
  const missing = findings.filter(({ code }) => code === "W05");
  if (!cut || missing.length === 0) return { lost: null, others: findings };
  const damaged = isDamaged(cut);
  // Layers of which nothing is left are the same loss.
  const gone = findings.filter(({ code, alignment }) => code === "F03" && alignment);
  const names = gone.flatMap(({ alignment = [] }) =>
    alignment.flatMap(({ model, file }) => (model && !file ? [model.name] : [])),
  );
  const layers = [...new Set([...missing.map(({ layer }) => layer ?? "model"), ...names])];
  const whole = work.file!.layers.reduce(
    (sum, { weights }) => sum + weights.filter((w) => w.whole).length,
    0,
  );
  const shown = layers.slice(0, 6).join(", ") + (layers.length > 6 ? `, and ${layers.length - 6} more` : "");
  const entire = names.length > 0 ? ` and all of ${plural(names.length, "layer")}` : "";
  const finding: KerasFinding = {
    code: cut.code,
    layer: null,
    found: `${cut.happened ?? cut.detail}; ${plural(whole, "tensor")} whole; lost: ${plural(missing.length, "tensor")}${entire}, in ${shown}`,
    why: damaged
      ? "bytes inside the file have changed since it was written: a download, a disk or an edit spoiled them"
      : "the file ends before its own table of contents says: a download or a copy was cut off",
    advice: "",
    blocking: true,
  };
  const lost = kerasProblem(finding, "bind", work, [SALVAGE]);
  return { lost, others: findings.filter((finding) => finding.code !== "W05" && !gone.includes(finding)) };
}

const SALVAGE: Remedy = {
  id: "salvage",
  title: "Go on with what is whole; the lost tensors are zeros",
  fidelity: "stub",
  command: "%step fix # salvage",
  code: 'session.fix("model", "salvage")',
};
