import type { LayerRow } from "./layer-rows.js";

export const COLUMNS = ["name", "class", "shape", "parameters", "connections"] as const;
export type Column = (typeof COLUMNS)[number];

/** Which rows of a layer table are shown, and in what order. */
export interface Arrangement {
  /** In a layer's path or class, whatever the case. */
  readonly text: string;
  readonly onlyTrainable: boolean;
  /** Stubs, custom and translated layers, and those that were adjusted while they were loaded. */
  readonly onlyAdjusted: boolean;
  /** Null for the order in which the layers run. */
  readonly sort: { readonly column: Column; readonly isDescending: boolean } | null;
  /** Paths of nested models whose layers are not shown. */
  readonly closed: ReadonlySet<string>;
}

export const EVERYTHING: Arrangement = {
  text: "",
  onlyTrainable: false,
  onlyAdjusted: false,
  sort: null,
  closed: new Set(),
};

/** Whether nested models fold: what is sorted or filtered is one list. */
export function isTree({ text, onlyTrainable, onlyAdjusted, sort }: Arrangement): boolean {
  return text.trim() === "" && !onlyTrainable && !onlyAdjusted && sort === null;
}

/** Indices of the rows that are shown, in their order. */
export function arrange(rows: readonly LayerRow[], arrangement: Arrangement): number[] {
  const found: number[] = [];
  if (isTree(arrangement)) {
    const hidden = new Array<boolean>(rows.length);
    for (const [i, { parent }] of rows.entries()) {
      hidden[i] = parent !== null && (hidden[parent]! || arrangement.closed.has(rows[parent]!.layer.path));
      if (!hidden[i]) found.push(i);
    }
    return found;
  }
  const wanted = arrangement.text.trim().toLowerCase();
  for (const [i, row] of rows.entries()) if (fits(row, wanted, arrangement)) found.push(i);
  return arrangement.sort === null ? found : sorted(found, rows, arrangement.sort);
}

function fits({ layer, adjustments, inside }: LayerRow, text: string, only: Arrangement): boolean {
  if (only.onlyTrainable && !(layer.trainable && layer.parameters > 0 && inside === 0)) return false;
  if (only.onlyAdjusted && layer.mark === null && adjustments.length === 0) return false;
  return text === "" || `${layer.path}\n${layer.className}`.toLowerCase().includes(text);
}

function sorted(
  found: readonly number[],
  rows: readonly LayerRow[],
  { column, isDescending }: NonNullable<Arrangement["sort"]>,
): number[] {
  const keys = new Map(found.map((i) => [i, keyOf(rows[i]!, column)]));
  const direction = isDescending ? -1 : 1;
  return [...found].sort((a, b) => direction * compared(keys.get(a)!, keys.get(b)!) || a - b);
}

function keyOf({ layer, inbound }: LayerRow, column: Column): string | number {
  switch (column) {
    case "name":
      return layer.path;
    case "class":
      return layer.className;
    case "shape":
      return (layer.outputShapes[0] ?? []).reduce<number>((product, size) => product * (size ?? 1), 1);
    case "parameters":
      return layer.parameters;
    case "connections":
      return inbound.length;
  }
}

/** Names with numbers in them as people count: dense_2 before dense_10. */
const NAMES = new Intl.Collator("en", { numeric: true });

function compared(a: string | number, b: string | number): number {
  return typeof a === "string" ? NAMES.compare(a, String(b)) : a - Number(b);
}
