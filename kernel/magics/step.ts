import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { LoadSession } from "../../src/index.js";
import { STEPS, type Step } from "../../src/loading/problem.js";
import { nearestNames } from "../../src/names/nearest-names.js";
import { currentLoad } from "./load-state.js";
import type { Magic, MagicContext } from "./magic.js";
import { showLoad } from "./show-load.js";
import { UsageError } from "./usage-error.js";

type Action = (session: LoadSession, words: readonly string[]) => unknown;

const ACTIONS: ReadonlyMap<string, Action> = new Map<string, Action>([
  ["show", () => undefined],
  ["retry", (session) => session.retry()],
  ["undo", (session) => session.undo()],
  ["skip", (session) => session.skip()],
  ["abort", (session) => session.abort()],
  ["fix", fix],
  ["save", () => undefined],
  ["draft", () => undefined],
  ["to", to],
]);

export const step: Magic = {
  name: "step",
  kinds: ["line"],
  summary: "Goes on with the load that %load_model began.",
  arguments: [
    {
      name: "--of",
      summary: "the variable of another load than the latest; before the action",
      type: "word",
    },
    { name: "ACTION", summary: "what to do instead of going on", type: "word", choices: [...ACTIONS.keys()] },
    {
      name: "WHAT",
      summary: "fix: the problem's number, its name or all, then a remedy; to: a step",
      type: "rest",
    },
  ],
  examples: [
    "%step                        goes on",
    "%step show                   shows the card again",
    "%step fix 1 identity-stub    takes a remedy for problem 1",
    "%step fix all                the best remedy for each problem, no stubs",
    "%step skip                   stubs for all that waits",
    "%step undo                   takes the last remedy back",
    "%step to bind                goes on to a step",
    "%step draft                 prints a drafted architecture as a cell, for weights that have none",
    "%step --of encoder fix 1    for the load of another variable than the latest",
    "%step save fix.json          writes the decisions; %load_model PATH --recipe fix.json takes them again",
    "%step abort                  gives up",
  ],
  async run({ arguments: given }, context) {
    const of = given["--of"];
    const load = currentLoad(context.engine, of === undefined ? undefined : String(of));
    const action = given["ACTION"];
    const words = String(given["WHAT"] ?? "").match(/\S+/g) ?? [];
    if (action === "draft") return draft(load.session, context);
    if (action === "save") return save(load.session, String(given["WHAT"] ?? ""), context);
    try {
      if (action === undefined) await load.session.step();
      else await ACTIONS.get(String(action))!(load.session, words);
    } catch (error) {
      // RangeError is how the session says that there is no such problem or remedy.
      throw error instanceof RangeError ? new UsageError(`%step: ${error.message}`) : error;
    }
    await showLoad(load, context);
    return undefined;
  },
};

/** Prints the cell that gives the architecture. */
function draft(session: LoadSession, { output }: MagicContext): undefined {
  const cell = session.draft();
  if (cell === null)
    throw new UsageError("%step draft: the file has its architecture, or no weights to draft one from.");
  output.stream("stdout", cell);
  return undefined;
}

async function save(
  session: LoadSession,
  file: string,
  { folder, output }: MagicContext,
): Promise<undefined> {
  if (file === "") throw new UsageError("%step save needs the file to write: %step save fix.json");
  const recipe = await session.recipe();
  await writeFile(path.resolve(folder, file), `${JSON.stringify(recipe, null, 2)}\n`);
  const number = recipe.decisions.length;
  output.stream("stdout", `${file}: ${number} ${number === 1 ? "decision" : "decisions"}.\n`);
  return undefined;
}

async function fix(session: LoadSession, words: readonly string[]): Promise<void> {
  const [which, remedy, ...rest] = words;
  if (which === "all") return void (await session.fixAll());
  const number = Number(which ?? "1");
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
