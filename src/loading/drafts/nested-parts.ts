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

/** `layers/encoder/layers/dense_1` of `layers/encoder/layers/dense_1/vars/0`; null where no list of layers is in it. */
function listedIn(path: string): string | null {
  return (
    /^(.*\/(?:(?:layers|_layer_checkpoint_dependencies)\/[^/]+|layer(?:_with_weights)?-\d+))\//.exec(
      path,
    )?.[1] ?? null
  );
}

/** `net/sequential/dense` of `net/sequential/dense/kernel:0`. */
function ownerIn(name: string): string | null {
  const cut = name.lastIndexOf("/");
  return cut > 0 ? name.slice(0, cut) : null;
}

/** How Keras 2.12 to 2.14 and all later ones call a model's list of layers. */
const LISTS = new Set(["layers", "_layer_checkpoint_dependencies"]);

function nameOf({ name }: StoredLayer, holder: string): string {
  const steps = holder.split("/").filter((step) => step !== "" && !LISTS.has(step));
  const own = steps.lastIndexOf(name.slice(name.lastIndexOf("/") + 1));
  const inside = own < 0 ? steps.slice(-1) : steps.slice(own + 1);
  return inside.length === 0 ? name : `${name}_${inside.join("_")}`;
}
