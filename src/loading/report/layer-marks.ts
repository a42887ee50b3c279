import type { LayerSpec } from "../../keras/graph.js";
import { registeredDefinition, subjectOf } from "../custom/definitions.js";
import type { Decision, Problem } from "../problem.js";
import { isStub, STUBS } from "../drafts/stubs.js";
import type { Work } from "../work.js";

/** The last decision on a layer, by its path, its class or its Lambda's name. */
export function chosenFor(spec: LayerSpec, work: Work): Decision | undefined {
  return work.decisions.findLast(({ subject }) => subject === subjectOf(spec) || subject === spec.path);
}

/** What a layer computes in place of what was saved; null for one that computes what was saved. */
export function stubText(spec: LayerSpec, work: Work, settled: readonly Problem[]): string | null {
  const made = chosenFor(spec, work);
  // What was registered since takes the stub's place, and lacks the same weights.
  if (made && isStub(made.remedy) && registeredDefinition(spec) === null) return STUBS[made.remedy];
  return lackText(spec, work, settled);
}

/** Which weights a layer lacks; null for one that has those of the file. */
function lackText(spec: LayerSpec, work: Work, settled: readonly Problem[]): string | null {
  if (chosenFor(spec, work)?.remedy === "keep-initial") return "weights that the file lacks are zeros";
  if (work.lost?.has(spec.path) && settled.some(({ applied }) => applied?.id === "salvage"))
    return "weights that the file has lost are zeros";
  const without = settled.some(
    ({ applied, alignment, code }) =>
      (applied?.id === "keep-initial" || applied?.id === "align") &&
      ((/^F(07|15)$/.test(code) && hasVariables(spec, work)) ||
        alignment?.some(({ model, file }) => isNamed(spec, model?.name) && file === null)),
  );
  return without ? "its weights are zeros" : null;
}

/** Layers of nested models are named by their paths where the whole model was aligned. */
function isNamed({ name, path }: LayerSpec, given: string | undefined): boolean {
  return given === name || given === path;
}

function hasVariables({ path }: LayerSpec, work: Work): boolean {
  return (work.connection?.layers.get(path)?.weights.length ?? 0) > 0;
}
