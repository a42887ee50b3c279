import type { LoadReport, LoadSession } from "../../src/index.js";

/** `loaded` as its own Keras would, `repaired` on the way, a choice is needed, or nothing helps. */
export type Outcome = "loaded" | "repaired" | "needs-choice" | "refused";

/** What became of a load. */
export function outcomeOf({ state, settled }: LoadReport): Outcome {
  const repairs = settled.filter(({ applied, ordinary }) => applied !== null && !ordinary);
  if (state === "loaded") return repairs.length > 0 ? "repaired" : "loaded";
  return state === "waiting" ? "needs-choice" : "refused";
}

/** A load as `--json` prints it. */
export async function reportJson(session: LoadSession) {
  const report = session.report();
  const { file, waiting, settled, summary } = report;
  const stored = summary === null && session.rung === "weights" ? await storedCounts(file.path) : null;
  return {
    format: file.format,
    kerasVersion: file.kerasVersion,
    backend: file.backend,
    outcome: outcomeOf(report),
    rung: session.rung,
    layers: summary?.layers.length ?? stored?.layers ?? null,
    parameters: summary?.parameters.total ?? stored?.parameters ?? null,
    problems: [...waiting, ...settled].map(({ code, where, title, applied, remedies }) => ({
      code,
      where: where.layer ?? where.container ?? where.file,
      title,
      fidelity: (applied ?? remedies[0])?.fidelity ?? null,
      applied: applied !== null,
    })),
  };
}

/** Of weights that have no architecture: the layers that have any, and their elements. */
async function storedCounts(path: string) {
  const { openModelFile } = await import("../../src/index.js");
  const { parameters } = await import("../../src/display/summary/stored-summary.js");
  const file = await openModelFile(path);
  const layers = file.layers.filter(({ weights }) => weights.length > 0);
  file.close();
  return { layers: layers.length, parameters: parameters(layers) };
}
