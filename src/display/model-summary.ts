import type { ModelSummary } from "../loading/report.js";
import { MODEL_SUMMARY, type MimeBundle } from "./bundle.js";
import { summaryHtml } from "./summary-html.js";
import { summaryText } from "./summary-text.js";

/** A model's layer table for Jupyter: HTML, plain text, and the table itself as JSON. */
export function summaryBundle(summary: ModelSummary): MimeBundle {
  return {
    data: {
      "text/plain": summaryText(summary),
      "text/html": summaryHtml(summary),
      [MODEL_SUMMARY]: summary,
    },
    metadata: {},
  };
}
