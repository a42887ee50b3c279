import type { LoadReport } from "../../loading/report/report.js";
import { PROBLEM_CARD, type MimeBundle } from "../bundle.js";
import { cardHtml } from "./card-html.js";
import { cardText } from "./card-text.js";
import { summaryHtml } from "../summary/summary-html.js";
import { summaryText } from "../summary/summary-text.js";

/** What travels as PROBLEM_CARD. */
export interface CardData extends LoadReport {
  /** How often the load was shown until then: it goes on in the latest card. Absent where a cell ends in a session. */
  readonly showing?: number;
}

/** A load that waits, pauses or was refused, for Jupyter: HTML, plain text, and the report itself as JSON. */
export function cardBundle(card: CardData): MimeBundle {
  const { summary } = card;
  return {
    data: {
      "text/plain": cardText(card) + (summary ? `\n\n${summaryText(summary)}` : ""),
      "text/html": cardHtml(card) + (summary ? summaryHtml(summary) : ""),
      [PROBLEM_CARD]: card,
    },
    metadata: {},
  };
}
