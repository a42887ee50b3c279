import type { LoadReport, LoadSession } from "../../src/index.js";
import type { Command } from "./command.js";
import { downloadLine } from "./download-line.js";

/** `loaded` as its own Keras would, `repaired` on the way, a choice is needed, or nothing helps. */
type Outcome = "loaded" | "repaired" | "needs-choice" | "refused";

const STATUS: Readonly<Record<Outcome, number>> = { loaded: 0, repaired: 0, "needs-choice": 1, refused: 2 };

export const check: Command = {
  name: "check",
  summary: "Open a model file and say whether it loads, and what is in the way where it does not.",
  positionals: [{ name: "PATH", summary: "the model file", required: true }],
  options: [{ name: "json", summary: "print the result as JSON" }],
  async run({ positionals, options }) {
    const { openModel, summaryText, cardText } = await import("../../src/index.js");
    const session = await openModel(positionals[0]!, { onProgress: downloadLine() });
    const report = session.report();
    const outcome = outcomeOf(report);
    if (options["json"] === true)
      console.log(JSON.stringify(await asJson(session, report, outcome), null, 2));
    else console.log(report.summary ? summaryText(report.summary) : cardText(report));
    session.abort();
    return STATUS[outcome];
  },
};

function outcomeOf({ state, settled }: LoadReport): Outcome {
  const repairs = settled.filter(({ applied, ordinary }) => applied !== null && !ordinary);
  if (state === "loaded") return repairs.length > 0 ? "repaired" : "loaded";
  return state === "waiting" ? "needs-choice" : "refused";
}

async function asJson(session: LoadSession, report: LoadReport, outcome: Outcome) {
  const { file, waiting, settled, summary } = report;
  const stored = summary === null && session.rung === "weights" ? await storedCounts(file.path) : null;
  return {
    format: file.format,
    kerasVersion: file.kerasVersion,
    backend: file.backend,
    outcome,
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
  const { parameters } = await import("../../src/display/stored-summary.js");
  const file = await openModelFile(path);
  const layers = file.layers.filter(({ weights }) => weights.length > 0);
  file.close();
  return { layers: layers.length, parameters: parameters(layers) };
}
