import type { Problem } from "./problem.js";
import type { LoadReport } from "./report/report.js";
import { OwnError } from "../own-error.js";

/** A model that `loadModel` cannot load alone. The message names every problem that is in the way. */
export class LoadError extends OwnError {
  override readonly name = "LoadError";
  readonly problems: readonly Problem[];

  constructor(readonly report: LoadReport) {
    super(message(report));
    this.problems = report.waiting;
  }
}

function message({ file, waiting, summary }: LoadReport): string {
  if (summary)
    return `${file.path} holds a graph of operations and no layers: openModel(path) gives it as session.graph.`;
  const lines = waiting.map((problem) => {
    const place = problem.where.layer ?? problem.where.container;
    const todo = problem.remedies.find(({ code }) => code !== undefined)?.code ?? problem.advice;
    const next = todo === "" ? "" : `\n      ${todo}`;
    return `  ${problem.code} ${problem.title}${place === undefined ? "" : ` (${place})`}\n      ${problem.found}${next}`;
  });
  return `${file.path} cannot be loaded as it is:\n${lines.join("\n")}`;
}
