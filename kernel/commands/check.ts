import type { Command } from "./command.js";
import { downloadLine } from "./download-line.js";
import { inTerminal } from "./in-terminal.js";
import { outcomeOf, reportJson, type Outcome } from "./report-json.js";

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
    if (options["json"] === true) console.log(JSON.stringify(await reportJson(session), null, 2));
    else console.log(report.summary ? summaryText(report.summary, process.stdout.columns) : cardText(report));
    const hint = options["json"] === true ? null : inTerminal(report);
    if (hint !== null) console.log(`\n${hint}`);
    session.abort();
    return STATUS[outcome];
  },
};
