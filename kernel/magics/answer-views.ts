import { shownValue } from "../../src/display/shown-values.js";
import type { Comm, Comms } from "../runner/comms.js";
import { library } from "./library.js";

/** Under this name a front end asks about models and tensors that were shown (lab/ask-value.ts). */
const TARGET = "loadlab.values";

/**
 * Lets front ends ask about what cells have shown. A comm is about one value: it opens with `{ value: ID }` and is
 * answered `{ state: "here" | "gone" }`. Questions `{ id, ask, with }` are answered `{ id, answer }` or `{ id, error }`.
 */
export function answerViews(comms: Pick<Comms, "registerTarget">): void {
  comms.registerTarget(TARGET, (comm, { data }) => {
    const id = String((data as { value?: unknown } | null)?.value);
    comm.onMessage(({ data: question }) => void answer(comm, id, question));
    comm.send({ state: shownValue(id) ? "here" : "gone" });
  });
}

async function answer(comm: Comm, value: string, data: unknown): Promise<void> {
  const { id, ask, with: parameters } = (data ?? {}) as { id?: unknown; ask?: unknown; with?: unknown };
  try {
    const shown = shownValue(value);
    if (shown === null) throw new Error("What was shown here is no more: run the cell again.");
    const { answerView } = await library();
    comm.send({
      id,
      answer: await answerView(shown, String(ask), (parameters ?? {}) as Record<string, unknown>),
    });
  } catch (error) {
    comm.send({ id, error: error instanceof Error ? error.message : String(error) });
  }
}
