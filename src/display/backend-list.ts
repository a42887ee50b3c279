import { printable } from "../notation.js";
import type { BackendRow } from "../runtime/list.js";
import type { MimeBundle } from "./bundle.js";
import { html, type Html } from "./html.js";
import { edged, STYLE, tag } from "./style.js";
import { labelled, wrap } from "./text.js";

/** The back ends for Jupyter. */
export function backendListBundle(rows: readonly BackendRow[], remarks: readonly string[] = []): MimeBundle {
  return {
    data: { "text/plain": backendListText(rows, remarks), "text/html": listHtml(rows, remarks) },
    metadata: {},
  };
}

/** One paragraph for each, in the order in which they are tried. */
export function backendListText(rows: readonly BackendRow[], remarks: readonly string[] = []): string {
  const paragraphs = rows.flatMap(({ name, state, summary, found, remedy }) => [
    `${state === "in use" ? "*" : " "} ${name.padEnd(8)}${state}: ${summary}`,
    ...labelled("", found, 0),
    ...(remedy === "" ? [] : labelled("to enable", remedy, 0)),
  ]);
  return [...paragraphs, ...remarks.flatMap((remark) => ["", ...wrap(remark)])].join("\n");
}

const KINDS = {
  "in use": "good",
  available: "here",
  "only if asked": "here",
  "not available": "warn",
} as const;

function listHtml(rows: readonly BackendRow[], remarks: readonly string[]): string {
  return html`<div class="loadlab-backends" style="${edged("good")}">
    <div style="${STYLE.head}">
      <div style="${STYLE.title}">Back ends</div>
      <div style="${STYLE.subtitle}">in the order in which they are tried; %backend NAME switches</div>
    </div>
    <div style="padding:4px 16px 8px 16px;${STYLE.scroll}">
      <table style="${STYLE.table}">
        <tbody>
          ${rows.map(rowHtml)}
        </tbody>
      </table>
    </div>
    ${remarks.length > 0 ? html`<div style="${STYLE.foot}">${remarks.map((remark) => html`<div>${remark}</div>`)}</div>` : null}
  </div>`.text;
}

function rowHtml({ name, summary, state, found, remedy }: BackendRow): Html {
  const fix = remedy === "" ? null : html`<br /><span style="${STYLE.code}">${remedy}</span>`;
  return html`<tr>
    <td style="${STYLE.cell}"><b>${name}</b></td>
    <td style="${STYLE.cell}"><span style="${tag(KINDS[state])};margin:0">${state}</span></td>
    <td style="${STYLE.wideCell}">
      ${printable(found, 300)} <span style="${STYLE.muted}">${summary}</span>${fix}
    </td>
  </tr>`;
}
