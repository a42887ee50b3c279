import type { LayerReport, ModelSummary } from "../loading/report.js";
import { settledDetails } from "./card-html.js";
import { html, type Html } from "./html.js";
import { byteText, count, printable, shapeText } from "../loading/notation.js";
import { formatText } from "./phrases.js";
import { edged, STYLE, tag } from "./style.js";
import { layerTable, stubs, totals } from "./summary-table.js";

/** The layer table of a model as static HTML: no script, everything escaped. */
export function summaryHtml(summary: ModelSummary): string {
  const { origin, parameters } = summary;
  const warning = stubs(summary);
  return html`<div class="loadlab-summary" style="${edged(warning ? "warn" : "good")}">
    <div style="${STYLE.head}">
      <div style="${STYLE.title}">
        ${printable(summary.name)}
        <span style="${STYLE.muted};font-weight:400">${printable(summary.className)}</span>
      </div>
      <div style="${STYLE.subtitle}">
        ${origin ? `${formatText(origin.file)} · loaded as ${origin.rung} · ${printable(origin.file.path)}` : "made in this notebook"}
      </div>
    </div>
    ${warning && html`<div style="${STYLE.section}"><span style="${tag("warn")}">stub</span>${warning}</div>`}
    <div style="padding:4px 16px 8px 16px;${STYLE.scroll}">
      <table style="${STYLE.table}">
        <thead>
          <tr>
            <th style="${STYLE.headCell}">Layer</th>
            <th style="${STYLE.headCell}">Class</th>
            <th style="${STYLE.headCell}">Output shape</th>
            <th style="${STYLE.headNumber}">Parameters</th>
            <th style="${STYLE.headCell}">Connected to</th>
          </tr>
        </thead>
        <tbody>
          ${layerTable(summary).map((row) => ("skipped" in row ? skippedRow(row.skipped) : layerRow(row)))}
        </tbody>
      </table>
    </div>
    <div style="${STYLE.foot};border-top:1px solid rgba(128,128,128,0.28)">
      <div>${totals(summary)} · ${byteText(parameters.bytes)}</div>
      ${origin && origin.settled.length > 0 ? settledDetails(origin.settled) : null}
      ${origin?.notes.map((note) => html`<div>${printable(note, 400)}</div>`) ?? null}
    </div>
  </div>`.text;
}

function layerRow(layer: LayerReport): Html {
  const mark =
    layer.mark &&
    html` <span
      style="${tag(layer.mark.kind === "stub" ? "warn" : "here")};margin:0 0 0 6px"
      title="${layer.mark.detail}"
      >${layer.mark.kind}</span
    >`;
  const frozen =
    !layer.trainable && layer.parameters > 0 ? html` <span style="${STYLE.muted}">frozen</span>` : null;
  return html`<tr>
    <td style="${STYLE.cell};padding-left:${layer.depth * 18}px">
      <span style="${STYLE.bare};white-space:nowrap">${printable(layer.name, 48)}</span>${mark}${frozen}
    </td>
    <td style="${STYLE.cell}">${printable(layer.className, 40)}</td>
    <td style="${STYLE.cell}">${shapes(layer)}</td>
    <td style="${STYLE.number}">
      ${layer.parameters === 0 ? html`<span style="${STYLE.muted}">0</span>` : count(layer.parameters)}
    </td>
    <td style="${STYLE.wideCell};${STYLE.muted}">${connections(layer)}</td>
  </tr>`;
}

function skippedRow(number: number): Html {
  return html`<tr>
    <td colspan="5" style="${STYLE.cell};${STYLE.muted}">${count(number)} more layers</td>
  </tr>`;
}

function shapes({ outputShapes }: LayerReport): Html {
  return html`${outputShapes.slice(0, 3).map((shape, i) => html`${i > 0 ? html`<br />` : null}${shapeText(shape)}`)}`;
}

function connections({ connectedTo }: LayerReport): string {
  const shown = connectedTo.slice(0, 4).map((name) => printable(name, 40));
  const more = connectedTo.length - shown.length;
  return shown.join(", ") + (more > 0 ? ` and ${more} more` : "");
}
