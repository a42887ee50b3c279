import type { ModelSummary } from "../../loading/report/report.js";
import { byteText, count, plural, printable, shapeText } from "../../notation.js";
import { settledDetails } from "../card/card-html.js";
import { histogramPicture } from "../tensor/histogram-picture.js";
import { html, type Html } from "../html.js";
import type { SummaryExtras } from "./model-summary.js";
import type { LayerDetail, WeightDetail } from "./layer-detail.js";
import type { LayerRow } from "./layer-rows.js";
import { formatText } from "../card/phrases.js";
import { STYLE, tag } from "../style.js";
import { stubs, totals } from "./summary-table.js";
import { shortNumber } from "../tensor/tensor-statistics.js";

/** The parts of the layer table that the static HTML and the live view share. */

export function summaryHead(summary: ModelSummary & SummaryExtras): Html {
  const { origin, variable } = summary;
  const warning = stubs(summary);
  return html`<div style="${STYLE.head}">
      <div style="${STYLE.title}">
        ${printable(summary.name)}
        <span style="${STYLE.muted};font-weight:400"
          >${printable(summary.className)}${variable ? html` in the variable <span style="${STYLE.bare}">${printable(variable)}</span>` : null}</span
        >
      </div>
      <div style="${STYLE.subtitle}">
        ${origin ? `${formatText(origin.file)} · loaded as ${origin.rung} · ${printable(origin.file.path)}` : "made in this notebook"}
      </div>
    </div>
    ${warning && html`<div style="${STYLE.section}"><span style="${tag("warn")}">stub</span> ${warning}</div>`}`;
}

export function summaryFoot(summary: ModelSummary): Html {
  const { origin, parameters } = summary;
  return html`<div style="${STYLE.foot};border-top:1px solid rgba(128,128,128,0.28)">
    <div>${totals(summary)} · ${byteText(parameters.bytes)}</div>
    ${origin && origin.settled.length > 0 ? settledDetails(origin.settled) : null}
    ${origin?.notes.map((note) => html`<div>${printable(note, 400)}</div>`) ?? null}
  </div>`;
}

/** The name as code, and after it what is to be known of the layer, in words. */
export function layerName({ layer, adjustments }: LayerRow, shown = printable(layer.name, 48)): Html {
  const mark =
    layer.mark &&
    html` <span
      style="${tag(layer.mark.kind === "stub" ? "warn" : "here")};margin:0 0 0 6px"
      title="${layer.mark.detail}"
      >${layer.mark.kind}</span
    >`;
  const adjusted =
    adjustments.length > 0
      ? html` <span
          style="${tag("here")};margin:0 0 0 6px"
          title="${adjustments.map((one) => printable(one)).join("; ")}"
          >adjusted</span
        >`
      : null;
  const frozen =
    !layer.trainable && layer.parameters > 0 ? html` <span style="${STYLE.muted}">frozen</span>` : null;
  return html`<span style="${STYLE.bare}">${shown}</span>${mark}${adjusted}${frozen}`;
}

export function layerShapes({ layer: { outputShapes } }: LayerRow): Html {
  return html`${outputShapes.slice(0, 3).map((shape, i) => html`${i > 0 ? html`<br />` : null}${shapeText(shape)}`)}`;
}

export function layerParameters({ layer: { parameters } }: LayerRow): Html {
  return parameters === 0 ? html`<span style="${STYLE.muted}">0</span>` : html`${count(parameters)}`;
}

export function layerConnections({ layer: { connectedTo } }: LayerRow): string {
  const shown = connectedTo.slice(0, 4).map((name) => printable(name, 40));
  const more = connectedTo.length - shown.length;
  return shown.join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** Config and weights of a layer. */
export function detailParts({ config, weights, moreWeights }: LayerDetail): Html {
  const entries = config.map(
    ({ name, value }) =>
      html`<span style="${STYLE.bare};display:inline-block;margin-right:14px;max-width:100%"
        >${printable(name, 60)}=<b style="font-weight:600">${printable(value, 200)}</b></span
      > `,
  );
  return html`${
    config.length > 0
      ? html`<div style="${STYLE.label};margin-top:4px">Config</div>
          <div>${entries}</div>`
      : null
  }
  ${
    weights.length > 0
      ? html`<div style="${STYLE.label}">Weights</div>
          ${weightTable(weights)}`
      : null
  }
  ${moreWeights > 0 ? html`<div style="${STYLE.muted}">and ${plural(moreWeights, "other weight")}</div>` : null}
  ${config.length === 0 && weights.length === 0 ? html`<div style="${STYLE.muted}">No config and no weights of its own.</div>` : null}`;
}

function weightTable(weights: readonly WeightDetail[]): Html {
  const head = ["Weight", "Shape", "Type", "Range", "Mean ± std", "Values"];
  return html`<div style="${STYLE.scroll}">
    <table style="${STYLE.table};width:auto">
      <thead>
        <tr>
          ${head.map((name) => html`<th style="${STYLE.headCell}">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${weights.map(weightRow)}
      </tbody>
    </table>
  </div>`;
}

function weightRow({ name, shape, dtype, trainable, statistics, histogram }: WeightDetail): Html {
  const strange = statistics && statistics.notFinite > 0 ? `, ${count(statistics.notFinite)} not finite` : "";
  return html`<tr>
    <td style="${STYLE.cell}">
      <span style="${STYLE.bare}">${printable(name, 60)}</span
      >${trainable ? null : html` <span style="${STYLE.muted}">not trained</span>`}
    </td>
    <td style="${STYLE.cell}">${shapeText(shape)}</td>
    <td style="${STYLE.cell}">${printable(dtype, 20)}</td>
    <td style="${STYLE.cell}">
      ${statistics ? `${shortNumber(statistics.min)} to ${shortNumber(statistics.max)}${strange}` : "—"}
    </td>
    <td style="${STYLE.cell}">
      ${statistics ? `${shortNumber(statistics.mean)} ± ${shortNumber(statistics.std)}` : "—"}
    </td>
    <td style="${STYLE.cell}">${histogram ? histogramPicture(histogram) : null}</td>
  </tr>`;
}
