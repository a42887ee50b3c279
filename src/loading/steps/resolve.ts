import { OPERATIONS_CLASS } from "../../formats/saved-model/wired-config.js";
import type { LayerSpec } from "../../keras/graph.js";
import { eachLayer } from "../../keras/read-graph.js";
import { beginConnection, knownDefinition, subjectOf } from "../custom/definitions.js";
import { clashingClasses } from "../problems/clashing-class.js";
import { orGraph } from "../graph-rung/graph-fallback.js";
import { openOutsideGraphs } from "../graph-rung/outside-graph.js";
import { offersFor } from "../problems/offers.js";
import { kerasProblem } from "../problems/keras-problem.js";
import { translatedLambdas } from "../problems/lambda-activation.js";
import { openRevivedLayers, revivedDefinition, withRevival } from "../graph-rung/revived-layers.js";
import { openSavedVocabularies } from "../graph-rung/saved-vocabularies.js";
import { isUnknownActivation, unknownActivationProblems } from "../problems/unknown-activation.js";
import { unknownClassProblem } from "../problems/unknown-class.js";
import { isLambda, lambdaGroup, unknownLambdaProblem } from "../problems/unknown-lambda.js";
import { unlikeProblems } from "../weights/unlike-layers.js";
import type { StepResult, Work } from "../work.js";

/**
 * Finds the definition of every layer. All unknown classes are reported at once; what does not depend on them is
 * connected already, so that the shapes that reach them are known.
 */
export async function resolve(work: Work): Promise<StepResult> {
  if (work.rung === "graph") return { note: "not needed", problems: [] };
  if (unknownLayers(work).length > 0) await openRevivedLayers(work);
  await openSavedVocabularies(work);
  await openOutsideGraphs(work);
  const translated = translatedLambdas(work);
  work.connection ??= beginConnection(work);
  const { findings } = work.connection.advance();
  const unknown = bySubject(unknownLayers(work).filter((spec) => !isOperations(spec, work)));
  const named = new Set([...unknown.values()].flat().map(({ path }) => path));
  // An unknown activation shows only when its layer is made.
  const others = findings.filter(
    ({ code, layer }) => /^C(?!2[14])/.test(code) && !(layer !== null && named.has(layer)),
  );
  const activations = others.filter(isUnknownActivation);
  const rest = others.filter((finding) => !isUnknownActivation(finding));
  const number = unknown.size + others.length;
  if (work.decisions.some(({ remedy }) => remedy === "graph")) work.rung = "graph";
  return orGraph(work, {
    note: number === 0 ? "every class is known" : `${number} unknown`,
    problems: [
      ...[...unknown.values()].map((group) =>
        withRevival(
          isLambda(group[0]!) ? unknownLambdaProblem(group, work) : unknownClassProblem(group, work),
          group,
          work,
        ),
      ),
      ...unknownActivationProblems(activations, translated, work),
      ...rest.map((finding) => kerasProblem(finding, "resolve", work, offersFor(finding, work))),
      ...clashingClasses(work.graph!, work),
      ...unlikeProblems(work),
    ],
  });
}

/** Operations of a subclassed model's own code, which run as they were saved: nobody has to know a class for them. */
function isOperations(spec: LayerSpec, work: Work): boolean {
  return spec.className === OPERATIONS_CLASS && revivedDefinition(spec, work) !== null;
}

function unknownLayers(work: Work): LayerSpec[] {
  return [...eachLayer(work.graph!)].filter((spec) => spec.model === null && knownDefinition(spec) === null);
}

function bySubject(specs: readonly LayerSpec[]): Map<string, LayerSpec[]> {
  const groups = new Map<string, LayerSpec[]>();
  for (const spec of specs) {
    const key = isLambda(spec) ? lambdaGroup(spec) : subjectOf(spec);
    const group = groups.get(key);
    if (group) group.push(spec);
    else groups.set(key, [spec]);
  }
  return groups;
}
