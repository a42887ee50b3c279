import type { KerasFinding } from "../../keras/finding.js";
import { customObjects } from "../custom-objects.js";
import { connectGraph } from "../graph-rung.js";
import { grouped, kerasProblem } from "../keras-problem.js";
import type { Problem, Remedy } from "../problem.js";
import { subjectOf } from "../definitions.js";
import type { StepResult, Work } from "../work.js";

/** Makes the layers and calls them on each other's outputs; what `resolve` could make already, stands. */
export async function connect(work: Work): Promise<StepResult> {
  if (work.rung === "graph") return connectGraph(work);
  const { model, findings } = work.connection!.advance();
  const all = [...(work.graphFindings ?? []), ...findings];
  if (model) work.model = model;
  return {
    note: model ? `${work.connection!.layers.size} layers connected` : `${all.length} in the way`,
    // Without a model something has to block, or the load would go on with nothing.
    problems: [
      ...all.map((finding) => connectProblem({ ...finding, blocking: model === null }, work)),
      ...grouped(work.adjusted ?? []),
    ],
  };
}

/** A class of the user's own that throws is the user's to correct: the cell again, then on from this layer. */
function connectProblem(finding: KerasFinding, work: Work): Problem {
  const spec = finding.layer === null ? undefined : work.madeBy?.get(finding.layer)?.spec;
  if (!spec || !customObjects().has(subjectOf(spec))) return kerasProblem(finding, "connect", work);
  const name = subjectOf(spec);
  const again: Remedy = {
    id: "register",
    title: "Correct the class and run its cell again, then go on with %step",
    fidelity: "equivalent",
    command: `%%register_custom ${name}`,
    code: `registerCustom(${JSON.stringify(name)}, ...)`,
  };
  return kerasProblem(
    {
      ...finding,
      code: "C21",
      why: `The class registered for \`${name}\` was built and called on the shapes that reach the layer, and threw this.`,
      advice: "",
    },
    "connect",
    work,
    [again],
  );
}
