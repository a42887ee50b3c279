import { FOREIGN_PART } from "../../formats/foreign-part.js";
import type { FormatFinding } from "../../formats/model-file.js";
import type { KerasFinding } from "../../keras/finding.js";
import type { LayerSpec } from "../../keras/graph.js";
import { isDamaged } from "../problems/file-problem.js";
import { kerasProblem } from "../problems/keras-problem.js";
import { storedWeights } from "../report/evidence.js";
import { plural } from "../../notation.js";
import { WEIGHTS_FROM } from "../problems/other-file.js";
import type { Problem, Remedy } from "../problem.js";
import type { Work } from "../work.js";
import { isPartMissing, lossIn } from "./lost-weights.js";

/**
 * The weights that a cut-off or damaged file has lost, as one question in place of one for each: go on with what is
 * whole, or not. Other findings pass.
 */
export function salvageProblem(
  findings: readonly KerasFinding[],
  work: Work,
): { lost: Problem | null; others: readonly KerasFinding[] } {
  const cut = lossIn(work);
  const missing = findings.filter((finding) => finding.code === "W05" || hasFewer(finding));
  // Layers of which nothing is left are the same loss.
  const gone = findings.filter(({ code, alignment }) => code === "F03" && alignment);
  const any = work.file!.layers.some(({ weights }) => weights.some((weight) => weight.whole));
  if (!cut || (missing.length === 0 && (gone.length === 0 || !any))) return { lost: null, others: findings };
  const names = gone.flatMap(lostLayers);
  const partly = [...new Set(missing.map(({ layer }) => layer ?? "model"))];
  const whole = work.file!.layers.reduce(
    (sum, { weights }) => sum + weights.filter((w) => w.whole).length,
    0,
  );
  work.lost = new Set([...partly, ...names]);
  const lostParts = [
    ...(names.length > 0 ? [`all of ${listed(names)}`] : []),
    ...(missing.length > 0 ? [`${plural(missing.length, "tensor")} of ${listed(partly)}`] : []),
  ];
  const finding: KerasFinding = {
    code: cut.code,
    layer: null,
    found: `${cut.happened ?? cut.detail}; ${plural(whole, "tensor")} whole; lost: ${lostParts.join(", and ")}`,
    why: whyLost(cut),
    advice: "",
    blocking: true,
  };
  const problem = kerasProblem(finding, "bind", work, [SALVAGE, WEIGHTS_FROM]);
  const lost = isPartMissing(cut) ? { ...problem, title: titleOf(cut) } : problem;
  return {
    lost,
    others: findings.filter((finding) => !missing.includes(finding) && !gone.includes(finding)),
  };
}

/**
 * A function of the user's own that fails for want of weights which a cut file has lost: not the function is to be
 * corrected. Null where the layer has its weights, or the file is sound.
 */
export function lostForFunction(spec: LayerSpec, found: string, work: Work): Problem | null {
  const loss = lossIn(work);
  if (!loss || storedWeights(work, spec).some(({ whole }) => whole)) return null;
  const finding: KerasFinding = {
    code: loss.code,
    layer: spec.path,
    found: `${loss.happened ?? loss.detail}; nothing of the weights of ${spec.path} is left, and what is registered for ${spec.className} fails without: ${found}`,
    why: whyLost(loss),
    advice: loss.advice,
    blocking: true,
  };
  return kerasProblem(finding, "connect", work, [WEIGHTS_FROM]);
}

function listed(layers: readonly string[]): string {
  return layers.slice(0, 6).join(", ") + (layers.length > 6 ? ` and ${layers.length - 6} more` : "");
}

/** An archive numbers a layer's weights: of one whose last are cut off, it has fewer. */
function hasFewer({ code, found }: KerasFinding): boolean {
  const [, own, stored] = /^the layer has (\d+) weights .*, the file (\d+)/.exec(found) ?? [];
  return code === "W02" && Number(stored) < Number(own);
}

/** Paths of the layers that the file has nothing of; of a nested model that it has a part of, that part is told there. */
function lostLayers({ layer, alignment = [] }: KerasFinding): string[] {
  const inPart = new Set(alignment.flatMap(({ model, file }) => (!model && file ? [file.name] : [])));
  return alignment.flatMap(({ model, file }) =>
    model && !file && !inPart.has(model.name) ? [layer === null ? model.name : `${layer}/${model.name}`] : [],
  );
}

function titleOf({ title }: FormatFinding): string {
  return title === FOREIGN_PART ? title : "A file of the weights is missing";
}

const ITS_PLACE = "the file itself was not fetched, and this stands in its place";

function whyLost(cut: FormatFinding): string {
  if (cut.title === FOREIGN_PART) return `${ITS_PLACE}: ${cut.advice}`;
  if (isPartMissing(cut))
    return "the weights are stored in several files, which belong together; one of them was not copied along";
  return isDamaged(cut)
    ? "bytes inside the file have changed since it was written: a download, a disk or an edit spoiled them"
    : "the file ends before its own table of contents says: a download or a copy was cut off";
}

const SALVAGE: Remedy = {
  id: "salvage",
  title: "Go on with what is whole; the lost tensors are zeros",
  fidelity: "stub",
  command: "%step fix # salvage",
  code: 'session.fix("model", "salvage")',
};
