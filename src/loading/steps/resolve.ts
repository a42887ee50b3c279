import { connectModel } from "../../keras/connect.js";
import type { LayerSpec } from "../../keras/graph.js";
import { eachLayer } from "../../keras/read-graph.js";
import type { LayerDefinition } from "../../layers/registry.js";
import { resolveLayer } from "../../layers/resolve.js";
import { customObjects } from "../custom-objects.js";
import { storedWeights } from "../evidence.js";
import { adjustmentProblem, kerasProblem } from "../keras-problem.js";
import { identityStub } from "../stubs.js";
import { subjectOf, unknownClassProblem } from "../unknown-class.js";
import { chosen, type StepResult, type Work } from "../work.js";

/**
 * Finds the definition of every layer. All unknown classes are reported at once; what does not depend on them is
 * connected already, so that the shapes that reach them are known.
 */
export async function resolve(work: Work): Promise<StepResult> {
  const specs = [...eachLayer(work.graph!)].filter(({ model }) => model === null);
  work.adjusted ??= [];
  work.connection ??= connectModel(work.graph!, {
    origin: work.origin!,
    resolve: (spec) => definitionOf(spec, work),
    storedShapes: (spec) => {
      const weights = storedWeights(work, spec);
      return weights.length === 0 ? null : weights.map(({ shape }) => shape);
    },
    adjusted: (spec, adjustment) => work.adjusted!.push(adjustmentProblem(spec, adjustment, work)),
  });
  const { findings } = work.connection.advance();
  const unknown = groupBySubject(specs.filter((spec) => knownDefinition(spec) === null));
  const named = new Set([...unknown.values()].flat().map(({ path }) => path));
  // An unknown class inside a wrapper, or an unknown activation, shows only when its layer is made.
  const inner = findings.filter(
    ({ code, layer }) => /^C(?!21)/.test(code) && !(layer !== null && named.has(layer)),
  );
  return {
    note:
      unknown.size + inner.length === 0 ? "every class is known" : `${unknown.size + inner.length} unknown`,
    problems: [
      ...[...unknown.values()].map((group) => unknownClassProblem(group, work)),
      ...inner.map((finding) => kerasProblem(finding, "resolve", work)),
    ],
  };
}

function definitionOf(spec: LayerSpec, work: Work): LayerDefinition | null {
  return knownDefinition(spec) ?? chosenStub(spec, work);
}

/** The user's own first, a Lambda's by its name; then the layer table. */
function knownDefinition(spec: LayerSpec): LayerDefinition | null {
  const custom = customObjects();
  return custom.get(subjectOf(spec)) ?? resolveLayer(spec, custom);
}

function chosenStub(spec: LayerSpec, work: Work): LayerDefinition | null {
  const stub = ["C01", "C02", "C06", "C10", "C11", "C12", "C13", "O05", "A15"].some(
    (code) => chosen(work, code, subjectOf(spec)) === "identity-stub",
  );
  return stub ? identityStub(spec.className) : null;
}

function groupBySubject(specs: readonly LayerSpec[]): Map<string, LayerSpec[]> {
  const groups = new Map<string, LayerSpec[]>();
  for (const spec of specs) {
    const group = groups.get(subjectOf(spec));
    if (group) group.push(spec);
    else groups.set(subjectOf(spec), [spec]);
  }
  return groups;
}
