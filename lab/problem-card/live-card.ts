import type { CardAction, CardChoices, ProblemName } from "../../src/display/card/card-messages.js";
import type { CardData } from "../../src/display/card/problem-card.js";
import type { Pairing } from "./pairing.js";

/** Everything that decides how a live card looks. */
export interface LiveCard {
  readonly card: CardData;
  readonly link: CardLink;
  readonly choices: CardChoices;
  /** What is on its way to the kernel, and whether a cell ran when it was sent; null while nothing is. */
  readonly pending: { readonly action: CardAction; readonly isBehindCell: boolean } | null;
  /** What was just done. */
  readonly said: string;
  /** What did not work, and where it was asked for: a spot of the card, or null for the card as a whole. */
  readonly refused: { readonly why: string; readonly spot: string | null } | null;
  /** The pairs of the problem whose weights the user is matching, by `problemKey`. */
  readonly pairings: ReadonlyMap<string, Pairing>;
  /** Unlike that of any other card in the page. */
  readonly id: string;
}

/**
 * `live`; `waiting` for the kernel's answer; `absent`: no kernel; `foreign`: a kernel of another kind; `gone`: the
 * kernel does not know the load; `past`: the load goes on in a later output.
 */
export type CardLink =
  | { readonly state: "live" | "absent" | "foreign" | "gone" }
  | { readonly state: "waiting"; readonly isBusy: boolean }
  | { readonly state: "past"; readonly headline: string };

export const NO_CHOICES: CardChoices = {
  classes: [],
  functions: [],
  registered: [],
  layers: [],
  activations: [],
};

export function problemKey({ code, subject }: ProblemName): string {
  return `${code} ${subject}`;
}

/** Where a form or button stands on the card: the problem's place in the list and the remedy. */
export function spotOf(card: CardData, problem: ProblemName, remedy: string): string {
  const index = card.waiting.findIndex((other) => problemKey(other) === problemKey(problem));
  return `${index}/${remedy}`;
}
