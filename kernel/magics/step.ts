import type { LoadSession } from "../../src/index.js";
import { STEPS } from "../../src/loading/problem.js";
import type { Question } from "../cells/values/live-type.js";
import { advance, type Advance, ADVANCES } from "./advance-load.js";
import { moveOn } from "./load-cards.js";
import { currentLoad } from "./load-state.js";
import type { Magic, MagicContext } from "./magic.js";
import { saveRecipe } from "./save-recipe.js";
import { showLoad } from "./show-load.js";
import { UsageError } from "./usage-error.js";

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
    {
      name: "ACTION",
      summary: "what to do instead of going on",
      type: "word",
      choices: ["show", ...ADVANCES, "save", "draft"],
    },
    {
      name: "WHAT",
      summary: "fix: the problem's number, its name or all, then a remedy; to: a step",
      type: "rest",
      offers: offered,
    },
  ],
  examples: [
    "%step                        goes on",
    "%step show                   shows the card again",
    "%step fix 1 identity-stub    takes a remedy for problem 1",
    "%step fix all                the best remedy for each problem, no stubs or guesses",
    "%step skip                   stubs for all that waits",
    "%step undo                   takes the last remedy back",
    "%step to bind                goes on to a step",
    "%step draft                  prints a drafted architecture as a cell, for weights that have none",
    "%step --of encoder fix 1     for the load of another variable than the latest",
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
    await moveOn(load.session, async () => {
      if (action !== "show") await advance(load.session, (action ?? "step") as Advance, words);
      await showLoad(load, context);
    });
    return undefined;
  },
};

/** What can follow the words of a `%step`: problems, then their remedies, then what a remedy suggests. */
function offered(questions: readonly Question[], before: readonly string[]): readonly string[] {
  const [action, which, remedy] = before.slice(before[0] === "--of" ? 2 : 0);
  if (action === "to") return which === undefined ? STEPS : [];
  if (action !== "fix") return [];
  if (which === undefined)
    return [
      "all",
      ...questions.map(({ number }) => String(number)),
      ...questions.map(({ subject }) => subject),
    ];
  const chosen = questions.find(({ number, subject }) => number === Number(which) || subject === which);
  if (remedy === undefined) return chosen?.remedies.map(({ id }) => id) ?? [];
  return chosen?.remedies.flatMap(({ id, suggestion }) => (id === remedy ? (suggestion ?? []) : [])) ?? [];
}

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
  output.stream("stdout", `${await saveRecipe(session, file, folder)}\n`);
  return undefined;
}
