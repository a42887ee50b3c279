import { RefusedLoad } from "./refused-load.js";
import { library } from "./library.js";
import type { NotebookLoad } from "./load-state.js";
import type { MagicContext } from "./magic.js";

/** Shows where a load stands: the summary of the model, bound to its variable, or the card of what is in the way. */
export async function showLoad(
  { session, variable, sessionVariable }: NotebookLoad,
  { engine, output }: MagicContext,
): Promise<void> {
  const { cardBundle, summaryBundle } = await library();
  engine.scope[sessionVariable] = session;
  const report = session.report();
  const model = session.model ?? session.graph;
  if (model && report.summary) {
    engine.scope[variable] = model;
    output.display(summaryBundle(report.summary));
  } else {
    output.display(cardBundle(report));
    // Nothing was opened, or nothing that the user decides can help: what follows in the notebook must not run.
    const opened = report.steps[0]!.state === "done" || ["aborted", "paused"].includes(report.state);
    if (report.state === "refused" || !opened) throw new RefusedLoad(report);
  }
}
