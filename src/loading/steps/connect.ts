import { grouped, kerasProblem } from "../keras-problem.js";
import type { StepResult, Work } from "../work.js";

/** Makes the layers and calls them on each other's outputs; what `resolve` could make already, stands. */
export async function connect(work: Work): Promise<StepResult> {
  const { model, findings } = work.connection!.advance();
  const all = [...(work.graphFindings ?? []), ...findings];
  // Without a model something has to block, or the load would go on with nothing.
  const blocking = model === null;
  const problems = all.map((finding) =>
    kerasProblem(
      { ...finding, blocking: blocking && (finding.blocking || all.length === 1) },
      "connect",
      work,
    ),
  );
  if (model) work.model = model;
  return {
    note: model ? `${work.connection!.layers.size} layers connected` : `${all.length} in the way`,
    problems: [...problems, ...grouped(work.adjusted ?? [])],
  };
}
