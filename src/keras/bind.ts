import * as tf from "@tensorflow/tfjs";
import { CHECKSUMS_DIFFER } from "../formats/checksums-differ.js";
import {
  FormatError,
  type FormatFinding,
  type StoredLayer,
  type StoredWeight,
  type WeightArray,
} from "../formats/model-file.js";
import { isOfUser, madeFor } from "../layers/custom.js";
import type { Fidelity } from "../layers/fidelity.js";
import type { KerasOrigin } from "../layers/registry.js";
import { storesInOrder } from "../layers/stored-order.js";
import { alignLayers, pairedByShapesAlone, pairedLayers } from "./align-layers.js";
import { conversionOf, separateCount, type Conversion } from "./convert-weights.js";
import type { KerasFinding } from "./finding.js";
import { flatSides } from "./flat-layers.js";
import type { LayerSpec, ModelGraph } from "./graph.js";
import { orderByFields, type ByFields } from "./order-by-fields.js";
import { quantizedConversion } from "./quantized-weights.js";
import { eachLayer } from "./read-graph.js";

export interface BindResult {
  /** W01, W02, W03, W05: each names the layer; tensors that fit are bound nevertheless. */
  readonly findings: readonly KerasFinding[];
  /** Number of variables that got their values. */
  readonly bound: number;
  /** Layouts of older files that were changed into today's, exactly as Keras does it. */
  readonly conversions: readonly WeightConversion[];
  /** From which stored tensor each variable came. */
  readonly sources: ReadonlyMap<tf.LayerVariable, StoredWeight>;
}

/** One layer whose stored weights were changed into today's layout. */
export interface WeightConversion {
  /** Path of the layer. */
  readonly layer: string;
  /** Code of the taxonomy. */
  readonly code: string;
  readonly detail: string;
  readonly fidelity: Fidelity;
}

type Layers = ReadonlyMap<string, tf.layers.Layer>;

/** What the user decided about weights that do not match by themselves. */
export interface BindChoices {
  /**
   * The pairs that are taken for the model at a path (null for the root): those that the alignment shows, others, the
   * file's layer by the model's, or none, where layers go by their names.
   */
  pairsFor(path: string | null): "shown" | ReadonlyMap<string, string> | null;
  /** Whether the kernel of the layer at a path is stored with its axes the other way round. */
  isTurned(path: string): boolean;
  /** Layers of the root that were left out of the model; their weights are left alone. */
  readonly leftOut: ReadonlySet<string>;
}

const NOTHING_CHOSEN: BindChoices = { pairsFor: () => null, isTurned: () => false, leftOut: new Set() };

/**
 * Gives a model's variables their stored values, one tensor at a time. Where both sides name the same layers, each
 * gets its own; else layers go by order, as Keras has it (legacy_h5_format.py `load_weights_from_hdf5_group`: both
 * sides reduced to layers that have weights). Where neither fits, the two are aligned and the finding shows it.
 * @param layers by path, as `ModelConnection.layers` has them
 * @param stored the file's layers in its own order
 * @param path of the model, null for the root
 */
export async function bindWeights(
  graph: ModelGraph,
  layers: Layers,
  stored: readonly StoredLayer[],
  origin: KerasOrigin,
  choices: BindChoices = NOTHING_CHOSEN,
  path: string | null = null,
): Promise<BindResult> {
  const specs = graph.layers.filter((spec) => variablesOf(spec, layers).length > 0);
  const sources = stored.filter(
    (layer) => savedWeights(layer).length + layer.missing.length > 0 && !choices.leftOut.has(layer.name),
  );
  const chosen = choices.pairsFor(path);
  const { pairs, finding, conversion } =
    pairing(specs, sources, layers, origin, chosen) ?? flatPairing(specs, sources, layers, origin, chosen);
  const results: BindResult[] = [];
  for (const [spec, source] of pairs) results.push(await bindLayer(spec, layers, source, origin, choices));
  const all = joined(results);
  const where = path ?? graph.name;
  return {
    ...all,
    findings: [...(finding ? [{ ...finding, layer: path }] : []), ...all.findings],
    conversions: [
      ...(conversion ? [{ layer: where, code: "W11", detail: conversion, fidelity: "exact" as const }] : []),
      ...all.conversions,
    ],
  };
}

interface Pairing {
  readonly pairs: readonly (readonly [LayerSpec, StoredLayer])[];
  readonly finding?: KerasFinding;
  /** Said where the pairs are not simply the two sides in their order. */
  readonly conversion?: string;
}

type ChosenPairs = ReturnType<BindChoices["pairsFor"]>;

/** The pairs where one side nests what the other does not; else the two sides as they are, with what differs. */
function flatPairing(
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

/** Which stored layer goes with which layer of the model; null where names, order and shapes do not tell. */
function pairing(
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

/** Gives one layer of the root model (a nested model counts as one) its stored values. */
export async function bindLayer(
  spec: LayerSpec,
  layers: Layers,
  stored: StoredLayer,
  origin: KerasOrigin,
  choices: BindChoices = NOTHING_CHOSEN,
): Promise<BindResult> {
  if (spec.model && stored.inner)
    return bindWeights(
      spec.model,
      layers,
      stored.inner,
      origin,
      { ...choices, leftOut: new Set() },
      spec.path,
    );
  const { trainable, still } = partsOf(spec, layers, true);
  const own = functionPairs(spec, [...trainable, ...still], savedWeights(stored));
  if (own) {
    const rest = { ...stored, weights: own.others };
    const results = [
      await bindPairs(spec, own.pairs),
      await bindParts(spec, layers, own.parts, rest, origin, choices),
    ];
    return joined(results);
  }
  return bindParts(spec, layers, [...trainable, ...still], stored, origin, choices);
}

/**
 * In a nested model or a wrapper, what the variables of functions were made for: one row holds the weights of all its
 * layers, the trained ones first, and which these are a function does not say. Null where there are none, or the names do not tell.
 */
function functionPairs(spec: LayerSpec, parts: readonly Part[], weights: readonly StoredWeight[]) {
  if (!spec.model && Object.keys(spec.inner).length === 0) return null;
  const byName = new Map(weights.map((weight) => [weight.name, weight]));
  const made = parts.flatMap(({ variables }) => variables.filter((variable) => madeFor(variable) !== null));
  const pairs = made.map((variable) => [variable, byName.get(madeFor(variable)!)] as const);
  const found = pairs.filter((pair): pair is [tf.LayerVariable, StoredWeight] => pair[1] !== undefined);
  if (made.length === 0 || found.length < made.length || byName.size < weights.length) return null;
  const taken = new Set(found.map(([, weight]) => weight));
  return {
    pairs: found,
    parts: parts
      .map((part) => ({
        ...part,
        variables: part.variables.filter((variable) => madeFor(variable) === null),
      }))
      .filter(({ variables }) => variables.length > 0),
    others: weights.filter((weight) => !taken.has(weight)),
  };
}

async function bindParts(
  spec: LayerSpec,
  layers: Layers,
  parts: readonly Part[],
  stored: StoredLayer,
  origin: KerasOrigin,
  choices: BindChoices,
): Promise<BindResult> {
  const variables = parts.flatMap((part) => part.variables);
  const weights = savedWeights(stored);
  const quantized = spec.model ? null : quantizedConversion(spec, variables.map(wanted), weights);
  if (quantized) return bindConverted({ spec, variables }, weights, quantized);
  const layer = layers.get(spec.path);
  const byFields = layer && isOfUser(layer) ? orderByFields(layer, variables, weights) : null;
  if (byFields) return bindByFields(spec, variables, weights, byFields);
  const inside = quantizedInside(spec, layers, stored);
  if (inside)
    return joined(
      await Promise.all(
        inside.map(([inner, own]) =>
          bindLayer(inner, layers, { name: inner.name, weights: own, missing: [] }, origin, choices),
        ),
      ),
    );
  const byLayer = layerByLayer(spec, variables, weights);
  if (byLayer) return bindInOrder(spec, byLayer, weights);
  const lost = stored.missing.filter(({ index }) => index < variables.length);
  if (lost.length > 0) return bindPresent(spec, variables, weights, lost);
  const counts = storedCounts(parts, weights.length);
  if (!counts) {
    const result = await bindPairs(spec, alignByShape(variables, weights));
    return { ...result, findings: [differentWeights(spec, variables, weights), ...result.findings] };
  }
  const named = parts.length > 1 ? inNamedOrder(parts, weights) : null;
  if (named) {
    const all = joined(await Promise.all(parts.map((part, i) => bindPart(part, named[i]!, origin, choices))));
    const detail = "the file has the weights in another order: taken by their names";
    return {
      ...all,
      conversions: [...all.conversions, { layer: spec.path, code: "W11", detail, fidelity: "exact" }],
    };
  }
  const results: BindResult[] = [];
  let next = 0;
  for (const [i, part] of parts.entries()) {
    results.push(await bindPart(part, weights.slice(next, next + counts[i]!), origin, choices));
    next += counts[i]!;
  }
  return joined(results);
}

/** A class that holds layers, by the names of its fields. */
async function bindByFields(
  spec: LayerSpec,
  variables: readonly tf.LayerVariable[],
  weights: readonly StoredWeight[],
  { order, unsure }: ByFields,
): Promise<BindResult> {
  const result = await bindPairs(
    spec,
    variables.map((variable, i) => [variable, order[i]!] as const),
  );
  const moved = order.some((weight, i) => weight !== weights[i]);
  const parts = "the file has the layer's parts in another order than the class";
  const guessed = `${parts}, and ${unsure.join(", ")} under other names: taken in the file's order, though others fit as well. Name the fields of the class as the file names the parts`;
  if (!moved && unsure.length === 0) return result;
  const conversion = {
    layer: spec.path,
    code: "W11",
    detail: unsure.length > 0 ? guessed : `${parts}: taken by the names of its fields and by shapes`,
    fidelity: unsure.length > 0 ? ("approximate" as const) : ("exact" as const),
  };
  return { ...result, conversions: [conversion] };
}

/**
 * The layers of a nested model with the arrays of each, by their names, where some are quantised or adapted: how many
 * arrays these have does not follow from their variables. Null where none is, or the names do not tell.
 */
function quantizedInside(
  spec: LayerSpec,
  layers: Layers,
  stored: StoredLayer,
): [LayerSpec, StoredWeight[]][] | null {
  if (!spec.model || stored.missing.length > 0) return null;
  const held = [...eachLayer(spec.model)].filter(({ model, path }) => !model && layers.has(path));
  const groups = new Map<LayerSpec, StoredWeight[]>();
  for (const weight of savedWeights(stored)) {
    const named = held.filter(({ name }) => `/${weight.name}`.includes(`/${name}/`));
    const owner = held.find(({ path }) => weight.name.startsWith(`${path}/`)) ?? named[0];
    if (!owner || (named.length !== 1 && !weight.name.startsWith(`${owner.path}/`))) return null;
    groups.set(owner, [...(groups.get(owner) ?? []), weight]);
  }
  const found = [...groups];
  const quantized = found.some(
    ([inner, own]) => quantizedConversion(inner, variablesOf(inner, layers).map(wanted), own) !== null,
  );
  return quantized ? found : null;
}

/**
 * Variables of a model inside a wrapper in the order of an archive, which goes layer by layer; elsewhere all that train
 * come first. Null where the weights are no such.
 */
function layerByLayer(
  spec: LayerSpec,
  variables: readonly tf.LayerVariable[],
  weights: readonly StoredWeight[],
): readonly tf.LayerVariable[] | null {
  const held = spec.inner["layer"]?.[0]?.model;
  if (!held || variables.length !== weights.length) return null;
  if (!weights.every(({ name }) => /(^|\/)layer\/layers\//.test(name))) return null;
  const names = [...eachLayer(held)].filter(({ model }) => !model).map(({ name }) => name);
  const places = variables.map(({ originalName }) => names.indexOf(originalName.split("/").at(-2) ?? ""));
  if (places.includes(-1)) return null;
  const order = variables.map((variable, i) => ({ variable, place: places[i]! }));
  return order.toSorted((a, b) => a.place - b.place).map(({ variable }) => variable);
}

/** Binds around gaps: what the file names but does not hold keeps its place in the order. */
async function bindPresent(
  spec: LayerSpec,
  variables: readonly tf.LayerVariable[],
  weights: readonly StoredWeight[],
  lost: StoredLayer["missing"],
): Promise<BindResult> {
  const gaps = new Set(lost.map(({ index }) => index));
  const present = variables.filter((_, i) => !gaps.has(i));
  const pairs =
    present.length === weights.length
      ? present.map((variable, i) => [variable, weights[i]!] as const)
      : alignByShape(present, weights);
  const result = await bindPairs(spec, pairs);
  return { ...result, findings: [...lost.map(({ name }) => lostWeight(spec, name)), ...result.findings] };
}

/** The weights of one layer that come in a row, with the layout changed where an older Keras stored another. */
async function bindPart(
  { spec, variables }: Part,
  weights: readonly StoredWeight[],
  origin: KerasOrigin,
  choices: BindChoices,
): Promise<BindResult> {
  const conversion = choices.isTurned(spec.path)
    ? TURNED
    : conversionOf(
        spec,
        variables.map((variable) => variable.shape),
        weights.map((weight) => weight.shape),
        origin,
      );
  if (!conversion) return bindInOrder(spec, variables, weights);
  return bindConverted({ spec, variables }, weights, conversion);
}

function wanted(variable: tf.LayerVariable): { name: string; shape: readonly (number | null)[] } {
  return { name: variable.originalName, shape: variable.shape };
}

/** Null where the stored arrays have shapes, or indices into each other, that cannot be put together so. */
function convertedOrNull(conversion: Conversion, stored: readonly tf.Tensor[]): tf.Tensor[] | null {
  try {
    return tf.tidy(() => conversion.convert([...stored]));
  } catch (error) {
    if (error instanceof Error && /shape|size|rank|dimension|axis|index/i.test(error.message)) return null;
    throw error;
  }
}

async function bindConverted(
  { spec, variables }: Part,
  weights: readonly StoredWeight[],
  conversion: Conversion,
): Promise<BindResult> {
  const stored: tf.Tensor[] = [];
  try {
    for (const weight of weights) stored.push(toTensor(await weight.read(), weight, "float32"));
  } catch (error) {
    tf.dispose(stored);
    return {
      findings: [unreadable(spec, weights[stored.length]!, error)],
      bound: 0,
      conversions: [],
      sources: new Map(),
    };
  }
  const values = convertedOrNull(conversion, stored);
  if (values === null) {
    tf.dispose(stored);
    const findings = variables.map((variable, i) =>
      differentShape(spec, variable, weights[i] ?? weights[0]!),
    );
    return { findings, bound: 0, conversions: [], sources: new Map() };
  }
  const fitting = values.map((value, i) => tf.util.arraysEqual(value.shape, variables[i]!.shape as number[]));
  values.forEach((value, i) => {
    if (fitting[i]) assign(variables[i]!, value);
  });
  tf.dispose([...stored, ...values]);
  const unfit = variables.filter((_, i) => !fitting[i]);
  return {
    findings: [
      ...(conversion.missing ?? []).map((name) => ({
        ...lostWeight(spec, name),
        why: "Keras 3.15 leaves the zero points of GPTQ and AWQ layers out of what it saves, and cannot load the file either",
        advice:
          "The layer computes wrong numbers without them. Save the model again by a Keras that writes them.",
      })),
      ...unfit.map((variable) =>
        differentShape(spec, variable, weights[variables.indexOf(variable)] ?? weights[0]!),
      ),
    ],
    sources: new Map(
      variables.flatMap((variable, i) => (weights[i] ? [[variable, weights[i]] as const] : [])),
    ),
    bound: variables.length - unfit.length,
    conversions: [
      {
        layer: spec.path,
        code: conversion.code,
        detail: conversion.detail,
        fidelity: conversion.fidelity ?? "exact",
      },
    ],
  };
}

/** Chosen by the user: frameworks that multiply from the other side store a kernel turned round. */
const TURNED: Conversion = {
  code: "W03",
  detail: "the kernel's axes turned round",
  convert: ([kernel, ...others]) => [tf.transpose(kernel!), ...others],
};

/**
 * The weights of a nested model's parts where the file lists them in another order: by `layer/weight`, where both
 * sides have exactly these. Null where their order is the same, or the names do not tell.
 */
function inNamedOrder(parts: readonly Part[], weights: readonly StoredWeight[]): StoredWeight[][] | null {
  const key = (name: string) => name.replace(/:\d+$/, "").split("/").slice(-2).join("/");
  const byName = new Map(weights.map((weight) => [key(weight.name), weight]));
  const found = parts.map(({ spec, variables }) =>
    variables.map((variable) =>
      byName.get(`${spec.name}/${key(variable.originalName).split("/").at(-1)!.replace(/_\d+$/, "")}`),
    ),
  );
  const flat = found.flat();
  const whole =
    byName.size === weights.length &&
    flat.length === weights.length &&
    flat.every((weight) => weight !== undefined);
  if (!whole || flat.every((weight, i) => weight === weights[i])) return null;
  return found as StoredWeight[][];
}

/** By order, or by the names of the variables where the file has exactly these in another order. */
async function bindInOrder(
  spec: LayerSpec,
  variables: readonly tf.LayerVariable[],
  weights: readonly StoredWeight[],
): Promise<BindResult> {
  const order = orderByName(variables, weights, 1) ?? orderByName(variables, weights, 2) ?? weights;
  const pairs = variables.map((variable, i) => [variable, order[i]!] as const);
  const result = await bindPairs(spec, pairs);
  if (pairs.every(([, weight], i) => weight === weights[i])) return result;
  const detail = "the file has the weights in another order: taken by their names";
  return { ...result, conversions: [{ layer: spec.path, code: "W11", detail, fidelity: "exact" }] };
}

/** The weights in the order of the variables by the last parts of their names; null where these do not tell. */
function orderByName(
  variables: readonly tf.LayerVariable[],
  weights: readonly StoredWeight[],
  parts: number,
): StoredWeight[] | null {
  const own = (name: string) =>
    name.replace(/:\d+$/, "").replace(/_\d+$/, "").split("/").slice(-parts).join("/");
  const byName = new Map(weights.map((weight) => [own(weight.name), weight]));
  const found = variables.map((variable) => byName.get(own(variable.originalName)));
  return byName.size === weights.length && found.every((weight) => weight !== undefined) ? found : null;
}

async function bindPairs(
  spec: LayerSpec,
  pairs: readonly (readonly [tf.LayerVariable, StoredWeight])[],
): Promise<BindResult> {
  const findings: KerasFinding[] = [];
  let bound = 0;
  for (const [variable, weight] of pairs) {
    if (!sameShape(variable, weight)) {
      findings.push(differentShape(spec, variable, weight));
      continue;
    }
    try {
      const value = toTensor(await weight.read(), weight, variable.dtype);
      assign(variable, value);
      value.dispose();
      bound++;
    } catch (error) {
      findings.push(unreadable(spec, weight, error));
    }
  }
  return { findings, bound, conversions: [], sources: new Map(pairs) };
}

/** As it is stored: `write` would bend the value to the variable's constraint, which is for training alone. */
function assign(variable: tf.LayerVariable, value: tf.Tensor): void {
  (variable.read() as tf.Variable).assign(value);
}

function joined(results: readonly BindResult[]): BindResult {
  return {
    findings: results.flatMap(({ findings }) => findings),
    bound: results.reduce((sum, { bound }) => sum + bound, 0),
    conversions: results.flatMap(({ conversions }) => conversions),
    sources: new Map(results.flatMap(({ sources }) => [...sources])),
  };
}

/** How many stored arrays each part takes; null where they do not add up to what the file has. */
function storedCounts(parts: readonly Part[], total: number): number[] | null {
  const today = parts.map(({ variables }) => variables.length);
  const before = parts.map(({ spec, variables }) => separateCount(spec) ?? variables.length);
  return [today, before].find((counts) => counts.reduce((a, b) => a + b, 0) === total) ?? null;
}

/**
 * A layer's variables in the order in which Keras stores them: trainable before non-trainable, and for a nested
 * model so over all of its layers together (legacy_h5_format.py `_legacy_weights`).
 */
export function variablesOf(spec: LayerSpec, layers: Layers): tf.LayerVariable[] {
  const { trainable, still } = partsOf(spec, layers, true);
  return [...trainable, ...still].flatMap((part) => part.variables);
}

/** Variables of one layer that are stored in a row. */
interface Part {
  readonly spec: LayerSpec;
  readonly variables: readonly tf.LayerVariable[];
}

function partsOf(
  spec: LayerSpec,
  layers: Layers,
  parentTrainable: boolean,
): { trainable: Part[]; still: Part[] } {
  if (spec.model) {
    const trains = parentTrainable && spec.config["trainable"] !== false;
    const parts = spec.model.layers.map((inner) => partsOf(inner, layers, trains));
    return {
      trainable: parts.flatMap((part) => part.trainable),
      still: parts.flatMap((part) => part.still),
    };
  }
  const layer = layers.get(spec.path);
  const part = (variables: readonly tf.LayerVariable[]) =>
    variables.length > 0 ? [{ spec, variables }] : [];
  if (!layer) return { trainable: [], still: [] };
  if (storesInOrder(layer)) return { trainable: part(layer.weights), still: [] };
  if (!parentTrainable) return { trainable: [], still: part(layer.weights) };
  return { trainable: part(layer.trainableWeights), still: part(layer.nonTrainableWeights) };
}

/** Without the state of random generators, which some Keras 3 versions store and no prediction needs. */
function savedWeights(layer: StoredLayer): readonly StoredWeight[] {
  return layer.weights.filter((weight) => !/seed_generator/.test(weight.name));
}

/** Pairs in order those whose shapes agree, skipping what the other side lacks. */
function alignByShape(
  variables: readonly tf.LayerVariable[],
  weights: readonly StoredWeight[],
): (readonly [tf.LayerVariable, StoredWeight])[] {
  const pairs: (readonly [tf.LayerVariable, StoredWeight])[] = [];
  let next = 0;
  for (const variable of variables) {
    const at = weights.findIndex((weight, i) => i >= next && sameShape(variable, weight));
    if (at < 0) continue;
    pairs.push([variable, weights[at]!]);
    next = at + 1;
  }
  return pairs;
}

function sameShape(variable: tf.LayerVariable, weight: StoredWeight): boolean {
  return (
    variable.shape.length === weight.shape.length && variable.shape.every((n, i) => n === weight.shape[i])
  );
}

function toTensor(values: WeightArray, weight: StoredWeight, dtype: tf.DataType): tf.Tensor {
  if (dtype === "string" && Array.isArray(values))
    return tf.tensor(values as string[], [...weight.shape], "string");
  if (Array.isArray(values)) throw new Error("text where numbers belong");
  if (dtype === "string") throw new Error("numbers where text belongs");
  const numbers =
    values instanceof BigInt64Array || values instanceof BigUint64Array ? Array.from(values, Number) : values;
  const shape = [...weight.shape];
  if (dtype === "bool") return tf.tensor(Array.from(numbers as ArrayLike<number>, Boolean), shape, "bool");
  if (dtype === "int32") return tf.tensor(Int32Array.from(numbers as ArrayLike<number>), shape, "int32");
  const floats = numbers instanceof Float32Array ? numbers : Float32Array.from(numbers as ArrayLike<number>);
  return tf.tensor(floats, shape, "float32");
}

const list = (names: readonly string[]): string =>
  // A damaged file has groups without a name.
  names.includes("")
    ? list(names.map((name) => name || "one without a name"))
    : names.length > 6
      ? `${names.slice(0, 6).join(", ")}, ... (${names.length})`
      : names.join(", ");

const shapes = (items: readonly { readonly shape: readonly (number | null)[] }[]): string =>
  list(items.map(({ shape }) => `[${shape.join(", ")}]`));

function differentLayers(specs: readonly LayerSpec[], sources: readonly StoredLayer[]): KerasFinding {
  const inFile = new Set(sources.map((layer) => layer.name));
  const inModel = new Set(specs.map((spec) => spec.name));
  const extra = sources.filter((layer) => !inModel.has(layer.name)).map((layer) => layer.name);
  const missing = specs.filter((spec) => !inFile.has(spec.name)).map((spec) => spec.name);
  const parts = [
    missing.length > 0 ? `only the model has ${list(missing)}` : "",
    extra.length > 0 ? `only the file has ${list(extra)}` : "",
  ].filter((part) => part !== "");
  return {
    code: "W01",
    layer: null,
    found: `${specs.length} layers with weights in the model, ${sources.length} in the file; ${parts.join("; ")}`,
    why: "the architecture and the weights are of different models or versions",
    advice: "",
    blocking: true,
  };
}

function differentWeights(
  spec: LayerSpec,
  variables: readonly tf.LayerVariable[],
  weights: readonly StoredWeight[],
): KerasFinding {
  return {
    code: "W02",
    layer: spec.path,
    found: `the layer has ${variables.length} weights ${shapes(variables)}, the file ${weights.length}: ${shapes(weights)}`,
    why: "an argument such as use_bias, scale or reset_after says otherwise than the stored weights",
    advice: "",
    blocking: true,
  };
}

function differentShape(spec: LayerSpec, variable: tf.LayerVariable, weight: StoredWeight): KerasFinding {
  return {
    code: "W03",
    layer: spec.path,
    found: `${weight.name} is stored as [${weight.shape.join(", ")}], the layer takes [${variable.shape.join(", ")}]`,
    why: "the config and the weights come from different models, or from one with another layout",
    advice: "",
    blocking: true,
  };
}

function lostWeight(spec: LayerSpec, name: string): KerasFinding {
  return {
    code: "W05",
    layer: spec.path,
    found: `${name} is named in the file but not there`,
    why: "the dataset is missing, or lies beyond the end of a truncated file",
    advice: "The tensor keeps its starting value, zeros; get the whole file for the real one.",
    blocking: true,
  };
}

function unreadable(spec: LayerSpec, weight: StoredWeight, error: unknown): KerasFinding {
  if (error instanceof FormatError && error.finding.title === CHECKSUMS_DIFFER)
    return changed(spec, error.finding);
  return {
    code: "W05",
    title: "A stored weight cannot be read",
    layer: spec.path,
    found: `${weight.name} at ${weight.path} cannot be read: ${(error as Error).message}`,
    why: "its bytes are damaged or missing",
    advice: "The tensor keeps its starting value, zeros; get the whole file for the real one.",
    blocking: true,
  };
}

/** A tensor that could be read as it stands, if that is wanted. */
function changed(spec: LayerSpec, { code, title, detail, advice }: FormatFinding): KerasFinding {
  const why = "a download, a disk or an edit spoiled them";
  return { code, title, layer: spec.path, found: detail, why, advice, blocking: true };
}
