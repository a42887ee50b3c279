import { CONTAINERS, listedIn } from "../../formats/keras-archive/weights-tree.js";
import type { StoredLayer, StoredWeight } from "../../formats/model-file.js";

/**
 * The layers that a stored model inside another holds, one by one and in the order of their numbers, named for both:
 * `encoder_dense_1`. A layer that holds no others stays as it is, with all its parts: a cell, the heads of an attention.
 */
export function nestedParts(source: StoredLayer): readonly StoredLayer[] {
  const isModel = /(^|\/)(sequential|functional|model)(_\d+)?$/.test(source.name);
  const groups = new Map<string, StoredWeight[]>();
  for (const weight of source.weights) {
    const holder = listedIn(weight.path) ?? (isModel ? ownerIn(weight.name) : null);
    if (holder === null) return [source];
    groups.set(holder, [...(groups.get(holder) ?? []), weight]);
  }
  if (groups.size < 2) return [source];
  const parts = [...groups].map(([holder, weights]) => ({
    name: nameOf(source, holder),
    weights,
    missing: [],
  }));
  return parts.sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
}

/** `net/sequential/dense` of `net/sequential/dense/kernel:0`. */
function ownerIn(name: string): string | null {
  const cut = name.lastIndexOf("/");
  return cut > 0 ? name.slice(0, cut) : null;
}

function nameOf({ name }: StoredLayer, holder: string): string {
  const steps = holder.split("/").filter((step) => step !== "" && !CONTAINERS.some((list) => list === step));
  const own = steps.lastIndexOf(name.slice(name.lastIndexOf("/") + 1));
  const inside = own < 0 ? steps.slice(-1) : steps.slice(own + 1);
  return inside.length === 0 ? name : `${name}_${inside.join("_")}`;
}
