import type { ModelSummary } from "../../loading/report/report.js";
import { MODEL_SUMMARY, type MimeBundle } from "../bundle.js";
import type { LayerDetail } from "./layer-detail.js";
import { summaryHtml } from "./summary-html.js";
import { summaryText } from "./summary-text.js";

/** What a layer table may carry besides: details of layers, where to ask for those that it has not, and its variable. */
export interface SummaryExtras {
  /** By path. */
  readonly details?: Readonly<Record<string, LayerDetail>>;
  /** Id of the model in the process that showed it (shown-values.ts); null where there is nothing to ask. */
  readonly model?: string | null;
  /** Which variable of the notebook holds the model; null where none is known. */
  readonly variable?: string | null;
}

/** The table as it travels to a front end. */
export type ShownSummary = ModelSummary & Required<SummaryExtras>;

/** A model's layer table for Jupyter: HTML, plain text, and the table itself as JSON. */
export function summaryBundle(summary: ModelSummary, extras: SummaryExtras = {}): MimeBundle {
  const { details = {}, model = null, variable = null } = extras;
  const shown: ShownSummary = { ...summary, details, model, variable };
  return {
    data: {
      "text/plain": summaryText(shown),
      "text/html": summaryHtml(shown),
      [MODEL_SUMMARY]: shown,
    },
    metadata: {},
  };
}
