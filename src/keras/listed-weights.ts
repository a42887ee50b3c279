import type { StoredLayer, StoredWeight } from "../formats/model-file.js";
import type { LayerSpec } from "./graph.js";
import type { Pairing } from "./pair-layers.js";
import { type Layers, sameShape, variablesOf } from "./stored-weights.js";

/**
 * The weights of a whole model in one list, dealt out to its layers as `model.set_weights()` does: layer by layer, those
 * of a nested model in their place; Keras before 2.4 gave a nested model's trained weights before its others. Null where
 * the file has no such list, or its number and shapes are not the model's.
 */
export function listedPairing(
  specs: readonly LayerSpec[],
  sources: readonly StoredLayer[],
  layers: Layers,
): Pairing | null {
  const [list, ...others] = sources;
  if (!list?.wholeModel || others.length > 0 || list.missing.length > 0) return null;
  const leaves = specs.flatMap(leavesOf);
  if (leaves.some(holdsModel)) return null;
  const pairs = dealtOut(leaves, list.weights, layers) ?? dealtOut(specs, list.weights, layers);
  const conversion = "the file has one list without names: taken in order, as model.set_weights() does";
  return pairs && { pairs, conversion };
}

function dealtOut(
  specs: readonly LayerSpec[],
  weights: readonly StoredWeight[],
  layers: Layers,
): [LayerSpec, StoredLayer][] | null {
  let next = 0;
  const pairs: [LayerSpec, StoredLayer][] = [];
  for (const spec of specs) {
    const variables = variablesOf(spec, layers);
    const own = weights.slice(next, (next += variables.length));
    if (!variables.every((variable, i) => own[i] && sameShape(variable, own[i]))) return null;
    if (own.length > 0) pairs.push([spec, { name: spec.name, weights: own, missing: [] }]);
  }
  return next === weights.length ? pairs : null;
}

function leavesOf(spec: LayerSpec): LayerSpec[] {
  return spec.model ? spec.model.layers.flatMap(leavesOf) : [spec];
}

/** A wrapper around a model: its variables are not in the list's order. */
function holdsModel({ inner }: LayerSpec): boolean {
  return Object.values(inner).some((held) => held.some(({ model }) => model !== undefined));
}
