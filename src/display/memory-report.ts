import { byteText, count, plural } from "../notation.js";
import type { CellMemory, MemoryReport } from "../runtime/memory/report.js";
import type { MimeBundle } from "./bundle.js";
import { html } from "./html.js";
import { edged, STYLE } from "./style.js";
import { columns } from "./text.js";

/** Rows that are shown; the rest is counted. */
const ROWS = 20;

/** Memory by back end and by cell, for Jupyter. */
export function memoryReportBundle(report: MemoryReport): MimeBundle {
  return { data: { "text/plain": memoryReportText(report), "text/html": reportHtml(report) }, metadata: {} };
}

export function memoryReportText(report: MemoryReport): string {
  const rows = report.cells.slice(0, ROWS).map((cell) => cellColumns(cell));
  const table = columns([["Made by", "Tensors", "Bytes", "Largest"], ...rows], [1, 2]);
  return [...overview(report), "", ...table, ...more(report)].join("\n");
}

function overview({ process, backends, results }: MemoryReport): string[] {
  return [
    `The process holds ${byteText(process)}.`,
    ...backends.map(({ name, tensors, bytes, detail }) => {
      const size = bytes === null ? "" : `, ${byteText(bytes)} ${detail}`;
      return `${name}: ${plural(tensors, "buffer")}${size}`;
    }),
    ...(results ? [`Out[n] and _ keep ${plural(results.count, "result")}, ${byteText(results.bytes)}`] : []),
  ];
}

function cellColumns({ cell, tensors, bytes, largest }: CellMemory): [string, string, string, string] {
  return [origin(cell), count(tensors), byteText(bytes), largest];
}

function origin(cell: CellMemory["cell"]): string {
  if (cell === "weights") return "weights of models";
  return cell === null ? "outside a cell" : `In [${cell}]`;
}

function more({ cells }: MemoryReport): string[] {
  return cells.length > ROWS ? [`and ${plural(cells.length - ROWS, "more cell")}`] : [];
}

function reportHtml(report: MemoryReport): string {
  return html`<div class="loadlab-memory" style="${edged("good")}">
    <div style="${STYLE.head}">
      <div style="${STYLE.title}">Memory</div>
      ${overview(report).map((line) => html`<div style="${STYLE.subtitle}">${line}</div>`)}
    </div>
    <div style="padding:4px 16px 8px 16px;${STYLE.scroll}">
      <table style="${STYLE.table}">
        <thead>
          <tr>
            <th style="${STYLE.headCell}">Made by</th>
            <th style="${STYLE.headNumber}">Tensors</th>
            <th style="${STYLE.headNumber}">Bytes</th>
            <th style="${STYLE.headCell}">Largest</th>
          </tr>
        </thead>
        <tbody>
          ${report.cells
            .slice(0, ROWS)
            .map(cellColumns)
            .map(
              ([made, tensors, bytes, largest]) =>
                html`<tr>
                  <td style="${STYLE.cell}">${made}</td>
                  <td style="${STYLE.number}">${tensors}</td>
                  <td style="${STYLE.number}">${bytes}</td>
                  <td style="${STYLE.cell}"><span style="${STYLE.bare}">${largest}</span></td>
                </tr>`,
            )}
        </tbody>
      </table>
    </div>
    ${more(report).map((line) => html`<div style="${STYLE.foot}">${line}</div>`)}
  </div>`.text;
}
