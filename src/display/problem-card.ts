import type { LoadReport } from "../loading/report.js";
import { PROBLEM_CARD, type MimeBundle } from "./bundle.js";
import { cardHtml } from "./card-html.js";
import { cardText } from "./card-text.js";

/** A load that waits, pauses or was refused, for Jupyter: HTML, plain text, and the report itself as JSON. */
export function cardBundle(report: LoadReport): MimeBundle {
  return {
    data: {
      "text/plain": cardText(report),
      "text/html": cardHtml(report),
      [PROBLEM_CARD]: report,
    },
    metadata: {},
  };
}
