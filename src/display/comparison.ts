import type { ComparedRow, Comparison } from "../comparing/compare-models.js";
import { printable, shapeText } from "../notation.js";
import type { MimeBundle } from "./bundle.js";
import { html, type Html } from "./html.js";
import { edged, STYLE, TONE } from "./style.js";
import { columns } from "./text.js";

/** A comparison for Jupyter: what differs first, and by how much. */
export function comparisonBundle(comparison: Comparison): MimeBundle {
  return {
    data: { "text/plain": comparisonText(comparison), "text/html": comparisonHtml(comparison) },
    metadata: {},
  };
}

/** The verdict in one sentence. */
export function verdict({ rows, first, tolerance }: Comparison): string {
  const missing = rows.filter(({ difference }) => difference === null).length;
  const rest = missing > 0 ? ` ${missing} could not be compared.` : "";
  if (first < 0) return `All ${rows.length - missing} agree to ${tolerance}.${rest}`;
  const { name, difference } = rows[first]!;
  return `The first that differs is ${printable(name)}: ${amount(difference!.largest)}${place(rows[first]!)}.${rest}`;
}

export function comparisonText(comparison: Comparison): string {
  const table = comparison.rows.map((row, i) => [
    i === comparison.first ? ">" : " ",
    printable(row.name, 40),
    printable(row.className, 30),
    row.difference ? shapeText(row.difference.shape) : "",
    row.difference ? amount(row.difference.largest) : "-",
    row.difference ? amount(row.difference.mean) : "-",
    row.note,
  ]);
  const head = ["", "layer", "class", "shape", "largest", "mean", ""];
  return [printable(comparison.title), verdict(comparison), "", ...columns([head, ...table], [4, 5])].join(
    "\n",
  );
}

function comparisonHtml(comparison: Comparison): string {
  const good = comparison.first < 0;
  return html`<div class="loadlab-comparison" style="${edged(good ? "good" : "warn")}">
    <div style="${STYLE.head}">
      <div style="${STYLE.title}">${verdict(comparison)}</div>
      <div style="${STYLE.subtitle}">${printable(comparison.title)}</div>
    </div>
    <div style="padding:4px 16px 8px 16px;${STYLE.scroll}">
      <table style="${STYLE.table}">
        <thead>
          <tr>
            <th style="${STYLE.headCell}">Layer</th>
            <th style="${STYLE.headCell}">Shape</th>
            <th style="${STYLE.headNumber}">Largest</th>
            <th style="${STYLE.headNumber}">Mean</th>
            <th style="${STYLE.headCell}"></th>
          </tr>
        </thead>
        <tbody>
          ${comparison.rows.map((row, i) => rowHtml(row, i === comparison.first, comparison.tolerance))}
        </tbody>
      </table>
    </div>
  </div>`.text;
}

function rowHtml(row: ComparedRow, first: boolean, tolerance: number): Html {
  const { difference } = row;
  const tone = difference === null ? "here" : difference.largest <= tolerance ? "good" : "warn";
  const name = first ? html`<b>${printable(row.name)}</b>` : html`${printable(row.name)}`;
  const mark =
    difference === null ? row.note : [first ? "differs first" : "", row.note].filter(Boolean).join("; ");
  return html`<tr>
    <td style="${STYLE.cell}">${name} <span style="${STYLE.muted}">${printable(row.className)}</span></td>
    <td style="${STYLE.cell}">${difference ? shapeText(difference.shape) : ""}</td>
    <td style="${STYLE.number};${TONE[tone]}">${difference ? amount(difference.largest) : "-"}</td>
    <td style="${STYLE.number}">${difference ? amount(difference.mean) : "-"}</td>
    <td style="${STYLE.wideCell}">${mark}</td>
  </tr>`;
}

function place({ difference }: ComparedRow): string {
  if (!difference || difference.at.length === 0) return "";
  return ` at [${difference.at.join(", ")}], where values reach ${amount(difference.scale)}`;
}

function amount(value: number): string {
  if (value === Infinity) return "another shape";
  if (Number.isNaN(value)) return "not a number";
  return value === 0 ? "0" : value.toPrecision(2);
}
