import type { LayerReport, ModelSummary } from "../loading/report.js";
import { settledLines } from "./card-text.js";
import { byteText, count, fileName, printable, shapeText, visible } from "../loading/notation.js";
import { formatText } from "./phrases.js";
import { layerTable, stubs, totals } from "./summary-table.js";
import { columns, wrap } from "./text.js";

/** The layer table of a model as plain text. */
export function summaryText(summary: ModelSummary): string {
  const { origin } = summary;
  const title = `${printable(summary.name)} (${printable(summary.className)})`;
  const source = origin
    ? `, ${[fileName(printable(origin.file.path)), formatText(origin.file), `loaded as ${origin.rung}`].join(", ")}`
    : "";
  const table = columns(
    [
      ["Layer", "Class", "Output shape", "Parameters", "Connected to"],
      ...layerTable(summary).map((row) => ("skipped" in row ? [`... ${row.skipped} more`] : cells(row))),
    ],
    [3],
  );
  const width = Math.max(...table.map((line) => line.length));
  const rule = "-".repeat(Math.min(width, 110));
  const warning = stubs(summary);
  return visible(
    [
      `${title}${source}`,
      ...(warning ? wrap(warning) : []),
      rule,
      table[0]!,
      rule,
      ...table.slice(1),
      rule,
      `${totals(summary)}, ${byteText(summary.parameters.bytes)}`,
      ...(origin && origin.settled.length > 0 ? settledLines(origin.settled) : []),
      ...(origin?.notes.map((note) => printable(note, 400)) ?? []),
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
