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
  while (session.state === "waiting") {
    await showCard(session, context.output);
    if (!(await askOnce(session, context))) break;
  }
  await showLoad(load, context);
}

/** Asks about the first problem that waits. @returns false when the user stops */
async function askOnce(session: LoadSession, { output }: MagicContext): Promise<boolean> {
  const [problem] = session.waiting;
  if (!problem) return false;
  const choices = problem.remedies.filter(({ id }) => !["register", "skeleton"].includes(id));
  const answer = (await output.input(question(problem, choices))).trim();
  if (answer === "" || /^(q|quit|stop|abort)$/i.test(answer)) {
    if (/^abort$/i.test(answer)) session.abort();
    return false;
  }
  try {
    if (/^(u|undo)$/i.test(answer)) await session.undo();
    else if (/^(s|skip)$/i.test(answer)) await session.skip();
    else await take(session, problem, choices, answer, output);
  } catch (error) {
    // RangeError is how the session says that there is no such remedy: the question comes again.
    if (!(error instanceof RangeError)) throw error;
    output.stream("stdout", `${error.message}\n`);
  }
  return true;
}

async function take(
  session: LoadSession,
  problem: Problem,
  choices: readonly Remedy[],
  answer: string,
  output: MagicContext["output"],
): Promise<void> {
  const [first, ...rest] = answer.split(/\s+/);
  const chosen = choices[Number(first) - 1] ?? choices.find(({ id }) => id === first);
  if (!chosen) throw new RangeError(`"${answer}" is none of them.`);
  const given = rest.join(" ");
  const argument =
    chosen.needs === undefined ? undefined : given || (await output.input(`${chosen.needs}: `)).trim();
  await session.fix(problem.subject, chosen.id, argument);
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
