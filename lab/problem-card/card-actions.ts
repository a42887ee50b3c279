import type { CardAction } from "../../src/display/card/card-messages.js";
import type { CardData } from "../../src/display/card/problem-card.js";
import { type LiveCard, problemKey } from "./live-card.js";
import { pairsArgument } from "./pairing.js";

/** What a button of the whole card asks the kernel for; null for one that asks nothing. */
export function actionOf(act: string): CardAction | null {
  switch (act) {
    case "step":
    case "retry":
    case "undo":
    case "skip":
    case "fix all":
    case "abort":
    case "take over":
      return { action: act };
    case "run":
      return { action: "to", step: "verify" };
    default:
      return null;
  }
}

/** What a form of the card asks the kernel for: `spot` is `PROBLEM/REMEDY`. */
export function formAction(
  live: LiveCard,
  act: string,
  spot: string,
  argument: string | undefined,
): CardAction | null {
  if (act === "save") return { action: "save", file: argument ?? "" };
  const found = problemAt(live.card, spot);
  if (!found) return null;
  const { problem, remedy } = found;
  if (act === "register") return { action: "register", problem, variable: argument ?? "" };
  if (act === "skeleton") return { action: "skeleton", problem };
  const pairing = remedy === "align" ? live.pairings.get(problemKey(problem)) : undefined;
  const given = pairing ? pairsArgument(pairing) : argument;
  return { action: "fix", problem, remedy, ...(given === undefined ? {} : { argument: given }) };
}

function problemAt(card: CardData, spot: string) {
  const [index, remedy] = spot.split("/") as [string, string];
  const problem = card.waiting[Number(index)];
  return problem && { problem: { code: problem.code, subject: problem.subject }, remedy };
}
