import type { JsonValue } from "../../formats/model-file.js";
import type { ModelGraph } from "../../keras/graph.js";
import { checkArgument } from "../effects.js";
import type { Problem, Remedy } from "../problem.js";

/** Commands that refer to the problem by its number on the card. */
export function numbered(problem: Problem): Problem {
  const remedies = problem.remedies.map((remedy) =>
    remedy.command === undefined
      ? remedy
      : { ...remedy, command: remedy.command.replace("fix #", `fix ${problem.number}`) },
  );
  return { ...problem, remedies };
}

/** True for a remedy that the session can apply: what the user writes is registered, not chosen. */
function applicable({ id }: Remedy): boolean {
  return !["register", "skeleton"].includes(id);
}

/** True where nothing more is needed from the user. */
export function isComplete(remedy: Remedy): boolean {
  return applicable(remedy) && (remedy.needs === undefined || remedy.suggestion !== undefined);
}

/** What stands in for a layer or a weight and leaves the model whole; then what computes something else; never a cut. */
export function skippingRemedy({ remedies }: Problem): Remedy | undefined {
  const complete = remedies.filter((remedy) => isComplete(remedy) && !remedy.isGuess && remedy.id !== "cut");
  const first = ["identity-stub", "keep-initial", "salvage"];
  return complete.find(({ id }) => first.includes(id)) ?? complete[0];
}

/** @throws RangeError when something is missing or there is no such file */
export function argumentOf(
  problem: Problem,
  remedy: Remedy,
  given: string | JsonValue | undefined,
  graph: ModelGraph | undefined,
): string | undefined {
  const text =
    given === undefined ? remedy.suggestion : typeof given === "string" ? given : JSON.stringify(given);
  if (remedy.accepted !== undefined) {
    if (text !== undefined && text !== remedy.accepted)
      throw new RangeError(`${remedy.id} takes what is shown as it is; %register_custom takes another.`);
    return remedy.accepted;
  }
  if (remedy.needs !== undefined && text === undefined)
    throw new RangeError(`${remedy.id} needs ${remedy.needs}.`);
  if (text !== undefined) checkArgument(remedy, text, problem, graph);
  return text;
}

export function chooseRemedy(problem: Problem, id: string | undefined): Remedy {
  const offers = problem.remedies.filter(applicable);
  const taken =
    id === undefined && offers.length === 1 ? offers[0] : offers.find((remedy) => remedy.id === id);
  if (taken) return taken;
  const list = offers.map((remedy) => remedy.id).join(", ");
  throw new RangeError(
    list === ""
      ? `${problem.code} has no remedy to apply. ${problem.advice}`.trim()
      : `${problem.code} offers ${list}${id === undefined ? "; say which" : `, not ${id}`}.`,
  );
}

/** The problem of a number, a subject or a code. @throws RangeError that lists those that wait */
export function problemOf(which: number | string, waiting: readonly Problem[], numbers: number): Problem {
  const found =
    typeof which === "number"
      ? waiting.find(({ number }) => number === which)
      : waiting.find(({ subject, code }) => subject === which || code === which);
  if (found) return found;
  if (waiting.length === 0) throw new RangeError("No problem waits for a decision.");
  const list = waiting.map(({ code, subject, number }) => `${number} (${code} ${subject})`).join(", ");
  const known = typeof which === "number" && which >= 1 && which <= numbers;
  const what = known ? `Problem ${which} no longer waits` : `There is no problem ${which}`;
  throw new RangeError(`${what}. Those that wait: ${list}.`);
}

const BEST_FIRST = ["exact", "equivalent", "approximate"];

/** The best remedy that needs nothing from the user and is neither a stub nor a guess at what was meant. */
export function bestRemedy({ remedies }: Problem): Remedy | undefined {
  const rank = ({ fidelity }: Remedy) => BEST_FIRST.indexOf(fidelity);
  return remedies
    .filter((remedy) => isComplete(remedy) && !remedy.isGuess && rank(remedy) >= 0)
    .toSorted((a, b) => rank(a) - rank(b))[0];
}
