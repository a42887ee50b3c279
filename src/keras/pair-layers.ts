import type { StoredLayer } from "../formats/model-file.js";
import type { KerasOrigin } from "../layers/registry.js";
import { alignLayers, pairedByShapesAlone, pairedLayers } from "./align-layers.js";
import type { BindChoices } from "./bind-choices.js";
import { differentLayers } from "./bind-findings.js";
import { conversionOf } from "./convert-weights.js";
import type { KerasFinding } from "./finding.js";
import { flatSides } from "./flat-layers.js";
import type { LayerSpec } from "./graph.js";
import { quantizedConversion } from "./quantized-weights.js";
import {
  type Layers,
  partsOf,
  quantizedInside,
  sameShape,
  savedWeights,
  storedCounts,
  variablesOf,
  wanted,
} from "./stored-weights.js";

export interface Pairing {
  readonly pairs: readonly (readonly [LayerSpec, StoredLayer])[];
  readonly finding?: KerasFinding;
  /** Said where the pairs are not simply the two sides in their order. */
  readonly conversion?: string;
}

type ChosenPairs = ReturnType<BindChoices["pairsFor"]>;

/** The pairs where one side nests what the other does not; else the two sides as they are, with what differs. */
export function flatPairing(
  specs: readonly LayerSpec[],
  sources: readonly StoredLayer[],
  layers: Layers,
  origin: KerasOrigin,
  chosen: ChosenPairs,
): Pairing {
  const flat = flatSides(specs, sources);
  const inside = flat && {
    specs: flat.specs.filter((spec) => variablesOf(spec, layers).length > 0),
    sources: flat.sources.filter((source) => savedWeights(source).length > 0),
  };
  const found = inside && pairing(inside.specs, inside.sources, layers, origin, chosen);
  if (found && fitAll(found.pairs, layers, origin))
    return { pairs: found.pairs, conversion: "one side nests what the other does not: taken layer by layer" };
  const root = specs[0] ? specs[0].path.length - specs[0].name.length : 0;
  const whole = alignedPairs(specs, sources, layers, chosen, root);
  const parts = inside && alignedPairs(inside.specs, inside.sources, layers, chosen, root);
  return parts && paired(parts) > paired(whole) ? parts : whole;
}

function fitAll(pairs: Pairing["pairs"], layers: Layers, origin: KerasOrigin): boolean {
  return pairs.every(([spec, source]) => fits(spec, layers, source, origin));
}

function paired({ finding }: Pairing): number {
  return finding?.alignment?.filter(({ model, file }) => model && file).length ?? 0;
}

/**
 * The pairs where the file names every layer and has some empty, beside others of foreign names. Such names are sure,
 * and the order is not: one and one are the same layer, if they fit; which of several is which is asked. Null where it
 * is not so.
 */
export function remainingPairing(
  specs: readonly LayerSpec[],
  stored: readonly StoredLayer[],
  sources: readonly StoredLayer[],
  layers: Layers,
  origin: KerasOrigin,
  chosen: ChosenPairs,
): Pairing | null {
  const all = new Set(stored.map(({ name }) => name));
  if (chosen !== null || all.size < stored.length || !specs.every(({ name }) => all.has(name))) return null;
  const byName = new Map(sources.map((layer) => [layer.name, layer]));
  if (!specs.some(({ name }) => byName.has(name))) return null;
  const [spec, ...moreSpecs] = specs.filter(({ name }) => !byName.has(name));
  const [source, ...moreSources] = sources.filter(({ name }) => !specs.some((one) => one.name === name));
  if (!spec || !source || moreSpecs.length !== moreSources.length) return null;
  if (moreSpecs.length > 0 || !fits(spec, layers, source, origin))
    return alignedPairs(specs, sources, layers, chosen, spec.path.length - spec.name.length);
  const pairs = specs.map((one) => [one, byName.get(one.name) ?? source] as const);
  return {
    pairs,
    conversion: `the file has ${JSON.stringify(source.name)} for ${JSON.stringify(spec.name)}: the only one that is left`,
  };
}

/** Which stored layer goes with which layer of the model; null where names, order and shapes do not tell. */
export function pairing(
  specs: readonly LayerSpec[],
  sources: readonly StoredLayer[],
  layers: Layers,
  origin: KerasOrigin,
  chosen: ChosenPairs,
): Pairing | null {
  const byName = new Map(sources.map((layer) => [layer.name, layer]));
  const sameCount = specs.length === sources.length;
  if (sameCount && byName.size === specs.length && specs.every(({ name }) => byName.has(name))) {
    const pairs = specs.map((spec) => [spec, byName.get(spec.name)!] as const);
    const moved = specs.some((spec, i) => sources[i]!.name !== spec.name);
    return moved
      ? { pairs, conversion: "the file has the layers in another order: taken by their names" }
      : { pairs };
  }
  if (sameCount && specs.every((spec, i) => fits(spec, layers, sources[i]!, origin))) {
    const pairs = specs.map((spec, i) => [spec, sources[i]!] as const);
    return { pairs, conversion: "the file has other names: taken in the order of the layers" };
  }
  if (chosen !== null || !sameCount) return null;
  const { pairs, rows, models, files } = aligned(specs, sources, layers, null, 0);
  const alone = pairedByShapesAlone(models, files);
  if (alone) {
    const taken = alone.map((k, i) => [specs[i]!, sources[k]!] as const);
    return {
      pairs: taken,
      conversion: "the file has other names: taken by their shapes, of which no two are alike",
    };
  }
  return pairs.length === specs.length && rows.every(({ model, file }) => model === file) ? { pairs } : null;
}

/**
 * The two sides beside each other: what both have, and the question.
 * @param root length of the path that all layers of the model begin with; behind it they are named
 */
function alignedPairs(
  specs: readonly LayerSpec[],
  sources: readonly StoredLayer[],
  layers: Layers,
  chosen: ChosenPairs,
  root: number,
): Pairing {
  const { pairs, rows, models, files } = aligned(specs, sources, layers, chosen, root);
  const alignment = rows.map(({ model, file }) => ({
    model: model === null ? null : { ...models[model]!, name: specs[model]!.path.slice(root) },
    file: file === null ? null : files[file]!,
  }));
  const byName = new Map(sources.map((layer) => [layer.name, layer]));
  const named = specs.flatMap((spec) => {
    const source = byName.get(spec.name);
    return source ? [[spec, source] as const] : [];
  });
  return {
    pairs: chosen === null ? named : pairs,
    finding: { ...differentLayers(specs, sources), alignment },
  };
}

function aligned(
  specs: readonly LayerSpec[],
  sources: readonly StoredLayer[],
  layers: Layers,
  chosen: ChosenPairs,
  root: number,
) {
  const models = specs.map((spec) => ({
    name: spec.name,
    shapes: variablesOf(spec, layers).map(({ shape }) => shape),
  }));
  const files = sources.map((source) => ({
    name: source.name,
    shapes: savedWeights(source).map(({ shape }) => shape),
  }));
  const given = () => models.map((model, i) => ({ ...model, name: specs[i]!.path.slice(root) }));
  const rows = chosen instanceof Map ? pairedLayers(given(), files, chosen) : alignLayers(models, files);
  const pairs = rows.flatMap(({ model, file }) =>
    model === null || file === null ? [] : [[specs[model]!, sources[file]!] as const],
  );
  return { pairs, rows, models, files };
}

/** Whether a stored layer's weights go into a layer as they are, or by a known change of layout. */
function fits(spec: LayerSpec, layers: Layers, source: StoredLayer, origin: KerasOrigin): boolean {
  if ((spec.model && source.inner) || source.missing.length > 0) return true;
  const { trainable, still } = partsOf(spec, layers, true);
  const parts = [...trainable, ...still];
  const weights = savedWeights(source);
  const variables = parts.flatMap((part) => part.variables);
  if (!spec.model && quantizedConversion(spec, variables.map(wanted), weights)) return true;
  if (quantizedInside(spec, layers, source)) return true;
  const counts = storedCounts(parts, weights.length);
  if (!counts) return false;
  let next = 0;
  return parts.every((part, i) => {
    const own = weights.slice(next, (next += counts[i]!));
    if (
      part.variables.length === own.length &&
      part.variables.every((variable, k) => sameShape(variable, own[k]!))
    )
      return true;
    const shapes = part.variables.map(({ shape }) => shape);
    return (
      conversionOf(
        part.spec,
        shapes,
        own.map(({ shape }) => shape),
        origin,
      ) !== null
    );
  });
}
