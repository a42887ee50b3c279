import type { Step } from "../../loading/problem.js";
import type { CardData } from "./problem-card.js";

/** What a card in a front end and the kernel say to each other, over a comm that the front end opens. */

export const CARD_TARGET = "loadlab.card";

/** Goes with the opening. */
export interface CardOpening {
  /** Id of the session, from the report. */
  readonly session: string;
  /** Which showing of the load the card is; null for one that was shown as a value. */
  readonly showing: number | null;
}

/** What the user did on the card. A problem is named by its code and its subject, which together are unique. */
export type CardAction =
  | { readonly action: "step" | "retry" | "undo" | "skip" | "fix all" | "abort" }
  /** Goes on to a step. */
  | { readonly action: "to"; readonly step: Step }
  | {
      readonly action: "fix";
      readonly problem: ProblemName;
      readonly remedy: string;
      readonly argument?: string;
    }
  /** Registers what a variable of the notebook holds, a class or a function, and goes on. */
  | { readonly action: "register"; readonly problem: ProblemName; readonly variable: string }
  /** Asks for the cell that a class or function can be written in. */
  | { readonly action: "skeleton"; readonly problem: ProblemName }
  /** Writes the recipe. */
  | { readonly action: "save"; readonly file: string }
  /** Makes this card the one that the load goes on in. */
  | { readonly action: "take over" };

export interface ProblemName {
  readonly code: string;
  readonly subject: string;
}

/** What the kernel has to say. */
export type CardNews =
  | {
      readonly news: "state";
      readonly card: CardData;
      readonly choices: CardChoices;
      /** What was just done, for who does not see the card; empty at first. */
      readonly said: string;
    }
  /** The load was shown again since, and goes on there. */
  | { readonly news: "past"; readonly headline: string }
  /** There is no such session: the kernel was started again, or another load took its variable. */
  | { readonly news: "gone" }
  /** An action did not work; the load stands as it stood. */
  | { readonly news: "refused"; readonly why: string }
  /** The cell that was asked for. */
  | { readonly news: "skeleton"; readonly source: string };

/** What forms can offer. */
export interface CardChoices {
  /** Variables that hold a class of layers. */
  readonly classes: readonly string[];
  /** Variables that hold another function. */
  readonly functions: readonly string[];
  /** Names for which something is registered. */
  readonly registered: readonly string[];
  /** Paths of the model's layers; empty while the file is not read. */
  readonly layers: readonly string[];
  readonly activations: readonly string[];
}
