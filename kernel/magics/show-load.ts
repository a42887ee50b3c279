import type { LoadSession } from "../../src/index.js";
import { nextShowing } from "./load-cards.js";
import { RefusedLoad } from "./refused-load.js";
import { library } from "./library.js";
import { bindLoad, unbindEarlier, type NotebookLoad } from "./load-state.js";
import type { MagicContext } from "./magic.js";

/** Shows where a load stands: the summary of the model, bound to its variable, or the card of what is in the way. */
export async function showLoad(load: NotebookLoad, { engine, output }: MagicContext): Promise<void> {
  const { showSummary } = await library();
  const { session } = load;
  bindLoad(load, engine);
  const report = session.report();
  const model = session.model ?? session.graph;
  if (model) {
    nextShowing(session);
    output.display(await showSummary(model, load.variable));
  } else {
    await showCard(session, output);
    // Nothing was opened, or nothing that the user decides can help: what follows in the notebook must not run.
    const opened = report.steps[0]!.state === "done" || ["aborted", "paused"].includes(report.state);
    if (report.state === "refused" || !opened) throw new RefusedLoad(report);
    unbindEarlier(load, engine);
  }
}

/** Shows the card; the load goes on in this one, and those that were shown before say so. */
export async function showCard(session: LoadSession, output: MagicContext["output"]): Promise<void> {
  const { cardBundle } = await library();
  output.display(cardBundle({ ...session.report(), showing: nextShowing(session) }));
}
