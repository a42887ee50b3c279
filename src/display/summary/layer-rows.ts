import type { LayerReport, ModelSummary } from "../../loading/report/report.js";

/** A layer of a table, with what is said of it only here. */
export interface LayerRow {
  readonly layer: LayerReport;
  /** Titles of the adjustments that were made to it while it was loaded. */
  readonly adjustments: readonly string[];
  /** Index of the row of the nested model that it is part of; null at the top. */
  readonly parent: number | null;
  /** Layers inside it, at any depth. */
  readonly inside: number;
  /** Paths of the layers that it is called on, as far as they have rows. */
  readonly inbound: readonly string[];
  /** Paths of those that are called on it. */
  readonly outbound: readonly string[];
}

/** The layers of a summary with their connections in both directions. */
export function layerRows({ layers, origin }: ModelSummary): LayerRow[] {
  const adjustments = new Map<string, string[]>();
  for (const { where, title, ordinary } of origin?.settled ?? [])
    if (where.layer !== undefined && !ordinary)
      adjustments.set(where.layer, [...(adjustments.get(where.layer) ?? []), title]);
  const parents = parentsOf(layers);
  const inside = new Array<number>(layers.length).fill(0);
  for (const parent of parents) for (let at = parent; at !== null; at = parents[at]!) inside[at]!++;
  // A connection names a layer of the same model.
  const places = new Map(layers.map(({ name }, i) => [siblingKey(parents[i]!, name), i]));
  const outbound = layers.map(() => new Set<string>());
  const inbound = layers.map(({ connectedTo, path }, i) =>
    [...new Set(connectedTo)].flatMap((name) => {
      const from = places.get(siblingKey(parents[i]!, name));
      if (from === undefined) return [];
      outbound[from]!.add(path);
      return [layers[from]!.path];
    }),
  );
  return layers.map((layer, i) => ({
    layer,
    adjustments: adjustments.get(layer.path) ?? [],
    parent: parents[i]!,
    inside: inside[i]!,
    inbound: inbound[i]!,
    outbound: [...outbound[i]!],
  }));
}

function siblingKey(parent: number | null, name: string): string {
  return `${parent ?? ""}\0${name}`;
}

/** The nested model that each layer is part of: the last one above it that is less deep. */
function parentsOf(layers: readonly LayerReport[]): (number | null)[] {
  const open: number[] = [];
  return layers.map(({ depth }, i) => {
    open.length = Math.min(depth, open.length);
    const parent = open.at(-1) ?? null;
    open.push(i);
    return parent;
  });
}
