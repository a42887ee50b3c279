import type { LoadSession, Problem, Remedy } from "../../src/index.js";
import type { NotebookLoad } from "./load-state.js";
import type { MagicContext } from "./magic.js";
import { showCard, showLoad } from "./show-load.js";

/**
 * Steps through a load by questions at the prompt, for front ends without buttons: the card, then one question for
 * each problem that waits. Ends when the model stands or the user stops; the session stays where it is then, and
 * `%step` goes on with it.
 */
export async function askThrough(load: NotebookLoad, context: MagicContext): Promise<void> {
  const { session } = load;
  let card = true;
  while (session.state === "waiting") {
    if (card) await showCard(session, context.output);
    const next = await askOnce(session, context);
    if (next === "stopped") break;
    card = next === "answered";
  }
  await showLoad(load, context);
}

/** Asks about the first problem that waits; an answer that cannot be taken changes nothing, and no card comes for it. */
async function askOnce(
  session: LoadSession,
  { output }: MagicContext,
): Promise<"answered" | "refused" | "stopped"> {
  const [problem] = session.waiting;
  if (!problem) return "stopped";
  const choices = problem.remedies.filter(({ id }) => !["register", "skeleton"].includes(id));
  const answer = (await output.input(question(problem, choices))).trim();
  if (answer === "" || /^(q|quit|stop|abort)$/i.test(answer)) {
    if (/^abort$/i.test(answer)) session.abort();
    return "stopped";
  }
  try {
    if (/^(u|undo)$/i.test(answer)) await session.undo();
    else if (/^(s|skip)$/i.test(answer)) await session.skip();
    else await take(session, problem, choices, answer, output);
  } catch (error) {
    // RangeError is how the session says that there is no such remedy: the question comes again.
    if (!(error instanceof RangeError)) throw error;
    output.stream("stdout", `${error.message}\n`);
    return "refused";
  }
  return "answered";
}

async function take(
  session: LoadSession,
  problem: Problem,
  choices: readonly Remedy[],
  answer: string,
  output: MagicContext["output"],
): Promise<void> {
  // The card writes an answer as the magic that gives it.
  const [first, ...rest] = answer.replace(/^%?step\s+fix\s+\S+\s+/i, "").split(/\s+/);
  const chosen = choices[Number(first) - 1] ?? choices.find(({ id }) => id === first);
  if (!chosen) throw new RangeError(noChoice(answer, problem));
  const given = rest.join(" ");
  if (chosen.needs === undefined && given !== "")
    throw new RangeError(`${chosen.id} takes nothing behind it, and "${given}" was given.`);
  // Enter leaves it to the remedy, which has a value of its own or says that it needs one.
  const argument =
    chosen.needs === undefined ? "" : given || (await output.input(`${needed(chosen)}: `)).trim();
  await session.fix(problem.subject, chosen.id, argument === "" ? undefined : argument);
}

/** `PATH (Enter: models/a.h5)` */
function needed({ needs, suggestion }: Remedy): string {
  return suggestion === undefined ? needs! : `${needs} (Enter: ${suggestion})`;
}

/** What is written in a cell of its own cannot be an answer. */
function noChoice(answer: string, { remedies }: Problem): string {
  const inCells = remedies.filter(({ id }) => id === "register" || id === "skeleton");
  const meant = /^%/.test(answer) || inCells.some(({ id }) => id === answer);
  if (meant && !/^%step\b/.test(answer))
    return `"${answer}" goes into a cell of its own: Enter stops here, and %step goes on behind it.`;
  return `"${answer}" is none of them.`;
}

/** The remedies by number, in one prompt: front ends show no more than that. */
function question({ code, title }: Problem, choices: readonly Remedy[]): string {
  const lines = choices.map(
    ({ title: what, fidelity, needs }, i) =>
      `  ${i + 1}  ${what.replaceAll("`", "")} (${fidelity}${needs === undefined ? "" : `, needs ${needs}`})`,
  );
  const ways = [
    ...(choices.length > 0 ? ["a number"] : []),
    "skip",
    "undo",
    "abort",
    "or Enter to stop here",
  ];
  return [`${code} ${title}`, ...lines, `${ways.join(", ")}: `].join("\n");
}
