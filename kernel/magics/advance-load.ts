import type { LoadSession } from "../../src/index.js";
import { STEPS, type Step } from "../../src/loading/problem.js";
import { nearestNames } from "../../src/names/nearest-names.js";
import { UsageError } from "./usage-error.js";

/** What moves a load, as `%step` and the buttons of its card do it. */
const ACTIONS = {
  step: (session) => session.step(),
  retry: (session) => session.retry(),
  undo: (session) => session.undo(),
  skip: (session) => session.skip(),
  abort: (session) => session.abort(),
  fix,
  to,
} satisfies Record<string, (session: LoadSession, words: readonly string[]) => unknown>;

export type Advance = keyof typeof ACTIONS;
export const ADVANCES = Object.keys(ACTIONS).filter((action) => action !== "step");

/**
 * Moves a load.
 * @param words what belongs to the action: for `fix` the problem, its remedy and what that is given
 * @throws UsageError that says what there is when there is no such problem, remedy or step
 */
export async function advance(
  session: LoadSession,
  action: Advance,
  words: readonly string[] = [],
): Promise<void> {
  try {
    await ACTIONS[action](session, words);
  } catch (error) {
    // RangeError is how the session says that there is no such problem or remedy.
    throw error instanceof RangeError ? new UsageError(`%step: ${error.message}`) : error;
  }
}

async function fix(session: LoadSession, words: readonly string[]): Promise<void> {
  const [which, remedy, ...rest] = words;
  if (which === "all") return void (await session.fixAll());
  const number = Number(which ?? session.waiting[0]?.number ?? 1);
  await session.fix(
    Number.isNaN(number) ? which! : number,
    remedy,
    rest.length > 0 ? rest.join(" ") : undefined,
  );
}

async function to(session: LoadSession, [name]: readonly string[]): Promise<void> {
  if (!STEPS.includes(name as Step)) {
    const [near] = nearestNames(name ?? "", STEPS, 1);
    const meant = near ? ` Did you mean ${near}?` : "";
    throw new UsageError(`%step to takes one of ${STEPS.join(", ")}.${meant}`);
  }
  await session.run(name as Step);
}
