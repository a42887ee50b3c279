import { count, plural, printable } from "../../notation.js";
import { html, type Html } from "../html.js";
import { layerRows, type LayerRow } from "./layer-rows.js";
import type { ModelSummary } from "../../loading/report/report.js";
import type { SummaryExtras } from "./model-summary.js";
import { edged, STYLE } from "../style.js";
import {
  detailParts,
  layerConnections,
  layerName,
  layerParameters,
  layerShapes,
  summaryFoot,
  summaryHead,
} from "./summary-parts.js";
import { shownRows, stubs } from "./summary-table.js";

/** Nested models of a table with more rows are folded. */
const MOST_OPEN = 60;

const HEADS = ["Layer", "Class", "Output shape", "Parameters", "Connected to"];
/** The same in each table, so that the columns of a nested model stand below those around it. */
const WIDTHS = ["31%", "17%", "20%", "12%", "20%"];
const FIXED = `${STYLE.table};table-layout:fixed;min-width:600px`;
const CELL =
  "text-align:left;padding:3px 10px 3px 0;vertical-align:top;overflow-wrap:break-word;word-wrap:break-word";

/** The layer table of a model as static HTML: no script, everything escaped, nested models fold by `details`. */
export function summaryHtml(summary: ModelSummary & SummaryExtras): string {
  const rows = layerRows(summary);
  const shown = shownRows(rows);
  return html`<div class="loadlab-summary" style="${edged(stubs(summary) ? "warn" : "good")}">
    ${summaryHead(summary)}
    <div style="padding:4px 16px 8px 16px;${STYLE.scroll}">
      <table style="${FIXED}">
        <thead>
          <tr>
            ${HEADS.map((name, i) => html`<th style="${i === 3 ? STYLE.headNumber : STYLE.headCell};width:${WIDTHS[i]!}">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${tableBody(shown, rows.length <= MOST_OPEN)}
        </tbody>
      </table>
    </div>
    ${detailSection(rows, summary)} ${summaryFoot(summary)}
  </div>`.text;
}

type Shown = LayerRow | { readonly skipped: number };

/** Rows of one depth; those of a nested model stand in a table that folds. */
function tableBody(shown: readonly Shown[], isOpen: boolean): Html {
  const [first] = shown;
  const depth = first && !("skipped" in first) ? first.layer.depth : 0;
  const parts: Html[] = [];
  for (let at = 0; at < shown.length;) {
    const row = shown[at]!;
    at++;
    if ("skipped" in row) {
      parts.push(skippedRow(row.skipped));
      continue;
    }
    parts.push(tableRow(row));
    let end = at;
    while (end < shown.length && isDeeper(shown[end]!, depth)) end++;
    if (end > at) parts.push(nestedRows(row, shown.slice(at, end), isOpen));
    at = end;
  }
  return html`${parts}`;
}

function isDeeper(row: Shown, depth: number): boolean {
  return !("skipped" in row) && row.layer.depth > depth;
}

function nestedRows(model: LayerRow, rows: readonly Shown[], isOpen: boolean): Html {
  const body = html`<summary style="${STYLE.summary};padding:2px 0 2px ${indent(model) + 14}px">
      ${plural(model.inside, "layer")} inside ${printable(model.layer.name, 60)}
    </summary>
    <table style="${FIXED}">
      <tbody>
        ${tableBody(rows, isOpen)}
      </tbody>
    </table>`;
  return html`<tr style="${STYLE.row}">
    <td colspan="5" style="padding:0;text-align:left">
      ${isOpen ? html`<details open>${body}</details>` : html`<details>${body}</details>`}
    </td>
  </tr>`;
}

function indent({ layer }: LayerRow): number {
  return Math.min(layer.depth, 12) * 18;
}

function tableRow(row: LayerRow): Html {
  const width = (i: number) => `${CELL};width:${WIDTHS[i]!}`;
  return html`<tr>
    <td style="${width(0)};padding-left:${indent(row)}px">${layerName(row)}</td>
    <td style="${width(1)}">${printable(row.layer.className, 40)}</td>
    <td style="${width(2)}">${layerShapes(row)}</td>
    <td style="${width(3)};text-align:right">${layerParameters(row)}</td>
    <td style="${width(4)};${STYLE.muted}">${layerConnections(row)}</td>
  </tr>`;
}

function skippedRow(number: number): Html {
  return html`<tr>
    <td colspan="5" style="${CELL};${STYLE.muted}">${count(number)} more layers</td>
  </tr>`;
}

/** Config and weights of the layers of a small model, each behind its name. */
function detailSection(rows: readonly LayerRow[], { details = {} }: SummaryExtras): Html | null {
  const told = rows.flatMap((row) => {
    const detail = details[row.layer.path];
    return detail && detail.config.length + detail.weights.length > 0 ? [{ row, detail }] : [];
  });
  if (told.length === 0) return null;
  const layers = told.map(
    ({ row, detail }) =>
      html`<details style="padding:1px 0 1px 14px">
        <summary style="${STYLE.summary}">
          <span style="${STYLE.bare}">${printable(row.layer.path, 100)}</span>
        </summary>
        <div style="padding:0 0 6px 14px">${detailParts(detail)}</div>
      </details>`,
  );
  return html`<div style="padding:0 16px 8px 16px;font-size:12px">
    <details>
      <summary style="${STYLE.summary}">Config and weights of ${plural(told.length, "layer")}</summary>
      ${layers}
    </details>
  </div>`;
}
