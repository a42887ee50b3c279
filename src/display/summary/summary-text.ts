import type { LayerReport, ModelSummary } from "../../loading/report/report.js";
import { settledLines } from "../card/card-text.js";
import { byteText, count, fileName, printable, shapeText, visible } from "../../notation.js";
import { formatText } from "../card/phrases.js";
import type { SummaryExtras } from "./model-summary.js";
import { shownRows, stubs, totals } from "./summary-table.js";
import { columns, fitted, TEXT_WIDTH, wrap } from "../text.js";

/** What gives way first where a terminal is narrow: whom a layer is connected to, then names and classes. */
const LEAST = [
  [4, 12],
  [1, 16],
  [0, 20],
  [2, 16],
] as const;

/**
 * The layer table of a model as plain text.
 * @param width of the terminal, in characters; long cells are cut to it. As wide as need be if left out.
 */
export function summaryText(summary: ModelSummary & SummaryExtras, width = Infinity): string {
  const { origin, variable } = summary;
  const title = `${printable(summary.name)} (${printable(summary.className)})`;
  const source = origin
    ? `, ${[fileName(printable(origin.file.path)), formatText(origin.file), `loaded as ${origin.rung}`].join(", ")}`
    : "";
  const rows = [
    ["Layer", "Class", "Output shape", "Parameters", "Connected to"],
    ...shownRows(summary.layers).map((row) => ("skipped" in row ? [`... ${row.skipped} more`] : cells(row))),
  ];
  const table = columns(width === Infinity ? rows : fitted(rows, width, LEAST), [3]);
  const widest = Math.max(...table.map((line) => line.length));
  const rule = "-".repeat(Math.min(widest, width, 110));
  const warning = stubs(summary);
  return visible(
    [
      ...wrap(`${title}${source}${variable ? `, in the variable ${variable}` : ""}`, Math.min(width, 200)),
      ...(warning ? wrap(warning, Math.min(width, TEXT_WIDTH)) : []),
      rule,
      table[0]!,
      rule,
      ...table.slice(1),
      rule,
      `${totals(summary)}, ${byteText(summary.parameters.bytes)}`,
      ...(origin && origin.settled.length > 0 ? settledLines(origin.settled) : []).map((line) =>
        cutTo(line, width),
      ),
      ...(origin?.notes.flatMap((note) => wrap(printable(note, 400), Math.min(width, 400))) ?? []),
    ].join("\n"),
  );
}

function cells(layer: LayerReport): string[] {
  const mark = layer.mark ? ` [${layer.mark.kind}]` : "";
  const shown = layer.connectedTo.slice(0, 3).map((name) => printable(name, 40));
  const more = layer.connectedTo.length - shown.length;
  return [
    `${"  ".repeat(layer.depth)}${printable(layer.name, 48)}${mark}`,
    printable(layer.className, 40),
    layer.outputShapes.slice(0, 3).map(shapeText).join(" "),
    count(layer.parameters),
    shown.join(", ") + (more > 0 ? ` and ${more} more` : ""),
  ];
}

function cutTo(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
}
