import type { StoredLayer, StoredWeight } from "./model-file.js";

/** Tensors that have names only, as layers: by the part of the name before its last `.` or `/`, in the given order. */
export function groupByLastPart(weights: readonly StoredWeight[]): StoredLayer[] {
  const groups = new Map<string, StoredWeight[]>();
  for (const weight of weights) {
    const cut = Math.max(weight.name.lastIndexOf("."), weight.name.lastIndexOf("/"));
    const layer = cut > 0 ? weight.name.slice(0, cut) : weight.name;
    const group = groups.get(layer) ?? [];
    groups.set(layer, group);
    group.push(weight);
  }
  return [...groups].map(([name, found]) => ({ name, weights: found, missing: [] }));
}
