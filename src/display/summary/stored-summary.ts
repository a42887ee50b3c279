import type { ModelFile, StoredLayer } from "../../formats/model-file.js";
import { byteText, count, fileName, plural, printable, shapeText, visible } from "../../notation.js";
import { formatText } from "../card/phrases.js";
import { columns, fitted, wrap } from "../text.js";

const LEAST = [
  [3, 16],
  [0, 20],
] as const;
const MOST_ROWS = 400;
const SHOWN_SHAPES = 4;

/**
 * What a model file stores, layer by layer, as plain text: made from its structure alone, so that it is there for
 * weights without an architecture and for files larger than the memory.
 * @param width of the terminal, in characters
 */
export function storedSummaryText(file: ModelFile, width: number): string {
  const layers = file.layers.filter(({ weights }) => weights.length > 0);
  const rows = [["Layer", "Type", "Parameters", "Tensors"], ...layers.slice(0, MOST_ROWS).map(cells)];
  if (layers.length > MOST_ROWS) rows.push([`... ${count(layers.length - MOST_ROWS)} more`, "", "", ""]);
  const table = columns(fitted(rows, width, LEAST), [2]);
  const rule = "-".repeat(Math.min(width, Math.max(...table.map((line) => line.length))));
  const weights = layers.reduce((sum, layer) => sum + layer.weights.length, 0);
  const total = `${plural(parameters(layers), "parameter")} in ${plural(weights, "tensor")}, ${byteText(bytes(layers))} stored`;
  const slots = file.optimizerWeights.length;
  return visible(
    [
      ...wrap(`${fileName(printable(file.path))}, ${formatText(file)}, as stored`, width),
      rule,
      table[0]!,
      rule,
      ...table.slice(1),
      rule,
      `${total}${slots > 0 ? `; ${plural(slots, "tensor")} of the optimizer` : ""}`,
    ].join("\n"),
  );
}

function cells({ name, weights }: StoredLayer): string[] {
  const shown = weights.slice(0, SHOWN_SHAPES).map(({ shape }) => shapeText(shape));
  const more = weights.length - shown.length;
  return [
    printable(name, 60),
    [...new Set(weights.map(({ dtype }) => dtype))].join(" "),
    count(parameters([{ name, weights, missing: [] }])),
    shown.join(" ") + (more > 0 ? ` and ${more} more` : ""),
  ];
}

/** Elements of all tensors. */
export function parameters(layers: readonly StoredLayer[]): number {
  const sizes = layers.flatMap(({ weights }) =>
    weights.map(({ shape }) => shape.reduce((n, dim) => n * dim, 1)),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

function bytes(layers: readonly StoredLayer[]): number {
  return layers.flatMap(({ weights }) => weights).reduce((sum, { byteLength }) => sum + byteLength, 0);
}
