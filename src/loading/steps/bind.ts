import { bindWeights } from "../../keras/bind.js";
import type { KerasFinding } from "../../keras/finding.js";
import { count } from "../notation.js";
import { conversionProblem, grouped, kerasProblem } from "../keras-problem.js";
import type { Remedy } from "../problem.js";
import type { StepResult, Work } from "../work.js";

/** Gives the variables their stored values, by order. */
export async function bind(work: Work): Promise<StepResult> {
  if (work.rung === "graph") return { note: `${count(work.runnable!.parameters)} values`, problems: [] };
  const { findings, bound, conversions, sources } = await bindWeights(
    work.graph!,
    work.connection!.layers,
    work.file!.layers,
    work.origin!,
  );
  work.sources = sources;
  return {
    note: `${bound} variables`,
    problems: [
      ...findings.map((finding) => kerasProblem(finding, "bind", work, offers(finding))),
      ...grouped(conversions.map((conversion) => conversionProblem(conversion, work))),
    ],
  };
}

function offers({ layer, blocking }: KerasFinding): Remedy[] {
  if (!blocking) return [];
  const name = layer ?? "model";
  return [
    {
      id: "keep-initial",
      title: "Leave what does not fit at its initial values",
      fidelity: "stub",
      command: `%step fix # keep-initial`,
      code: `session.fix(${JSON.stringify(name)}, "keep-initial")`,
    },
  ];
}
