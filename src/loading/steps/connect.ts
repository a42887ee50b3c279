import type { KerasFinding } from "../../keras/finding.js";
import { endedMasks } from "../custom/ended-masks.js";
import { orGraph } from "../graph-rung/graph-fallback.js";
import { connectGraph } from "../graph-rung/graph-rung.js";
import { grouped, kerasProblem, settledProblem } from "../problems/keras-problem.js";
import type { Problem, Remedy } from "../problem.js";
import { whyOf } from "../taxonomy/taxonomy.js";
import { registeredDefinition, subjectOf } from "../custom/definitions.js";
import type { LayerSpec } from "../../keras/graph.js";
import { storedOutputShape } from "../shapes/stored-output-shape.js";
import { lostForFunction } from "../weights/salvage.js";
import { isStub, STUBS } from "../drafts/stubs.js";
import { isLambda } from "../problems/unknown-lambda.js";
import { offersFor } from "../problems/offers.js";
import { registerAgain, registeredName } from "../problems/registered-class.js";
import { registerRemedy, skeletonRemedy } from "../problems/register-remedy.js";
import { giveAllOutputs } from "../custom/whole-model.js";
import type { StepResult, Work } from "../work.js";

/** Makes the layers and calls them on each other's outputs; what `resolve` could make already, stands. */
export async function connect(work: Work): Promise<StepResult> {
  if (work.rung === "graph") return connectGraph(work);
  const { model, findings } = work.connection!.advance();
  const all = [...(work.graphFindings ?? []), ...findings];
  if (model) work.model = model;
  giveAllOutputs(work);
  const result = await orGraph(work, {
    note: model ? `${work.connection!.layers.size} layers connected` : `${all.length} in the way`,
    // Without a model something has to block, or the load would go on with nothing.
    problems: [
      ...leading(all).map((finding) =>
        connectProblem({ ...finding, blocking: finding.blocking && model === null }, work),
      ),
      ...vocabularyQuestions(work),
      ...answered(work),
      ...(model ? endedMasks(work) : []),
    ],
  });
  if (work.runnable !== undefined) delete work.model;
  return result;
}

/** What was found while layers were called and is not found any more, since something stands in for them. */
function answered(work: Work): Problem[] {
  return work.decisions.flatMap(({ code, subject, remedy, argument }) => {
    const made = work.connection!.layers.has(subject);
    if (!made || !(code === "A18" || (code === "C09" && isStub(remedy)))) return [];
    const found = isStub(remedy)
      ? `a stub ${STUBS[remedy]}`
      : `its output is taken to be [${argument ?? ""}]`;
    const fidelity = isStub(remedy) ? ("stub" as const) : ("equivalent" as const);
    return [
      settledProblem({ code, step: "connect", subject, layer: subject, found, fidelity, remedy }, work),
    ];
  });
}

/** A layer without its vocabulary cannot be called: that is asked, all other adjustments are said. */
function vocabularyQuestions(work: Work): Problem[] {
  const adjusted = work.adjusted ?? [];
  const lacks = (problem: Problem) => problem.code === "O03" && problem.applied?.fidelity === "stub";
  const questions = adjusted.filter(lacks).map(({ code, where, found }) => {
    const finding = { code, layer: where.layer ?? null, found, why: whyOf(code), advice: "", blocking: true };
    return kerasProblem(finding, "connect", work, offersFor(finding, work));
  });
  return [...questions, ...grouped(adjusted.filter((problem) => !lacks(problem)))];
}

/** A Lambda's function that fails on zeros of two lengths: what it gives out has to be said. */
function shapeProblem(finding: KerasFinding, spec: LayerSpec, work: Work): Problem {
  const stored = storedOutputShape(spec, work);
  const likely = stored?.shape.map((n) => n ?? "null").join(",");
  const say: Remedy = {
    id: "output-shape",
    title: likely
      ? `Take [${likely.replaceAll(",", ", ")}], which ${stored?.written ? "the file has" : "the Dense behind it would take"}`
      : "Say the shape of its output, batch first",
    fidelity: "equivalent",
    needs: "SHAPE",
    ...(likely ? { suggestion: likely } : {}),
    command: `%step fix # output-shape ${likely ?? "null,8"}`,
    code: `session.fix(${JSON.stringify(spec.path)}, "output-shape", ${JSON.stringify(likely ?? "null,8")})`,
  };
  const again: Remedy = {
    id: "register",
    title: "Correct the function and register it again",
    fidelity: "equivalent",
    command: `%register_custom ${subjectOf(spec)} = (x) => x`,
    code: `registerCustom(${JSON.stringify(subjectOf(spec))}, (x) => x)`,
  };
  const why =
    "The output's shape is found by running the function on zeros of two lengths; this one fails there.";
  return kerasProblem({ ...finding, code: "A18", why, advice: "" }, "connect", work, [say, again]);
}

/** Without the finding that there are no outputs, where others say why. */
function leading(findings: readonly KerasFinding[]): readonly KerasFinding[] {
  const causes = findings.filter(({ code }) => code !== "G05");
  return causes.length > 0 ? causes : findings;
}

const HOW_CALLED =
  "A class is made from the saved config; a function is called as (inputs, { weights, config, training }).";

/** A class of the user's own that throws is the user's to correct: the cell again, then on from this layer. */
function connectProblem(finding: KerasFinding, work: Work): Problem {
  const spec = finding.layer === null ? undefined : work.madeBy?.get(finding.layer)?.spec;
  if (spec && isLambda(spec)) return shapeProblem(finding, spec, work);
  if (!spec || !registeredDefinition(spec)) {
    // The class of a public package that the user took is not the one that the file means.
    const own =
      spec && finding.code === "C21" ? [registerRemedy(spec.className), skeletonRemedy(spec.className)] : [];
    return kerasProblem(finding, "connect", work, [...own, ...offersFor(finding, work)]);
  }
  const lost = lostForFunction(spec, finding.found, work);
  if (lost) return lost;
  const name = registeredName(spec);
  const { found, thrownAt, code, why, advice } = finding;
  const called = `The class registered for \`${name}\` was built and called on the shapes that reach the layer`;
  return kerasProblem(
    {
      ...finding,
      code: "C21",
      found: thrownAt === undefined ? found : `${thrownAt}: ${found}`,
      // What is wrong with the class itself is told by who found it.
      why: code === "C21" && why !== "" ? `${called}: ${why}` : `${called}, and threw this.`,
      advice: code === "C21" ? advice : HOW_CALLED,
    },
    "connect",
    work,
    [registerAgain(name), skeletonRemedy(name)],
  );
}
