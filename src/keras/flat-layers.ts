import { listedIn } from "../formats/keras-archive/weights-tree.js";
import type { StoredLayer, StoredWeight } from "../formats/model-file.js";
import type { LayerSpec } from "./graph.js";

/** The layers of both sides without the models around them, as far as either side shows what is inside. */
export interface FlatSides {
  readonly specs: readonly LayerSpec[];
  readonly sources: readonly StoredLayer[];
}

/**
 * A model that one side nests and the other does not (a base that was called in one program and unpacked in the other)
 * has the same layers in the same order: both sides without nesting. Null where neither side nests.
 */
export function flatSides(specs: readonly LayerSpec[], sources: readonly StoredLayer[]): FlatSides | null {
  const flatSpecs = specs.flatMap(leavesOf);
  const names = new Set(flatSpecs.map(({ name }) => name));
  const flatSources = sources.flatMap((source) => storedLeaves(source, names));
  if (flatSpecs.length === specs.length && flatSources.length === sources.length) return null;
  return { specs: flatSpecs, sources: flatSources };
}

function leavesOf(spec: LayerSpec): LayerSpec[] {
  return spec.model ? spec.model.layers.flatMap(leavesOf) : [spec];
}

/** `layers/base/layers/conv2d` of `layers/base/layers/conv2d/vars/0` (Keras 3), `conv2d` of `conv2d/kernel:0`. */
function ownerOf(weight: string): string | undefined {
  return listedIn(weight) ?? weight.split("/").at(-2);
}

/** A `.h5` lists a nested model's weights in one row, each under its layer's name. */
function storedLeaves(source: StoredLayer, names: ReadonlySet<string>): StoredLayer[] {
  if (source.inner)
    return source.inner.flatMap((inner) => (inner.inner ? storedLeaves(inner, names) : [inner]));
  if (names.has(source.name) || source.missing.length > 0) return [source];
  const groups = new Map<string, StoredWeight[]>();
  for (const weight of source.weights) {
    const owner = ownerOf(weight.name) ?? source.name;
    groups.set(owner, [...(groups.get(owner) ?? []), weight]);
  }
  if (groups.size < 2) return [source];
  return [...groups].map(([owner, weights]) => ({ name: owner.split("/").at(-1)!, weights, missing: [] }));
}
