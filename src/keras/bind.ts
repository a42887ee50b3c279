import * as tf from "@tensorflow/tfjs";
import type { StoredLayer, StoredWeight } from "../formats/model-file.js";
import { isOfUser } from "../layers/custom/custom.js";
import { madeFor } from "../layers/custom/function-variables.js";
import type { KerasOrigin } from "../layers/registry.js";
import { bindConverted, bindPairs, type BindResult, joined } from "./assign-weights.js";
import { type BindChoices, NOTHING_CHOSEN } from "./bind-choices.js";
import { differentWeights, lostWeight } from "./bind-findings.js";
import { conversionOf } from "./convert-weights.js";
import type { LayerSpec, ModelGraph } from "./graph.js";
import { listedPairing } from "./listed-weights.js";
import { type ByFields, orderByFields } from "./order-by-fields.js";
import { flatPairing, pairing, remainingPairing } from "./pair-layers.js";
import { quantizedConversion } from "./quantized-weights.js";
import {
  alignByShape,
  inNamedOrder,
  layerByLayer,
  type Layers,
  orderByName,
  orderByRole,
  type Part,
  partsOf,
  quantizedInside,
  savedWeights,
  storedCounts,
  variablesOf,
  wanted,
} from "./stored-weights.js";

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
    listedPairing(specs, sources, layers) ??
    remainingPairing(specs, stored, sources, layers, origin, chosen) ??
    pairing(specs, sources, layers, origin, chosen) ??
    flatPairing(specs, sources, layers, origin, chosen);
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

/** Gives one layer of the root model (a nested model counts as one) its stored values. */
async function bindLayer(
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
  const turned = choices.turned(spec.path);
  const conversion = turned
    ? { ...TURNED, ...turned }
    : conversionOf(
        spec,
        variables.map((variable) => variable.shape),
        weights.map((weight) => weight.shape),
        origin,
      );
  if (!conversion) return bindInOrder(spec, variables, weights);
  return bindConverted({ spec, variables }, weights, conversion);
}

/** Chosen by the user: frameworks that multiply from the other side store a kernel turned round. */
const TURNED = {
  code: "W03",
  convert: ([kernel, ...others]: readonly tf.Tensor[]) => [
    tf.transpose(kernel!, turnedAxes(kernel!.shape.length)),
    ...others,
  ],
};

/** Of a stored kernel, outputs and inputs first: `[out, in, height, width]` is read as `[height, width, in, out]`. */
export function turnedAxes(rank: number): number[] {
  return [...Array.from({ length: rank - 2 }, (_, i) => i + 2), 1, 0];
}

/** By order, or by the names of the variables where the file has exactly these in another order. */
async function bindInOrder(
  spec: LayerSpec,
  variables: readonly tf.LayerVariable[],
  weights: readonly StoredWeight[],
): Promise<BindResult> {
  const order =
    orderByName(variables, weights, 1) ??
    orderByName(variables, weights, 2) ??
    orderByRole(variables, weights) ??
    weights;
  const pairs = variables.map((variable, i) => [variable, order[i]!] as const);
  const result = await bindPairs(spec, pairs);
  if (pairs.every(([, weight], i) => weight === weights[i])) return result;
  const detail = "the file has the weights in another order: taken by their names";
  return { ...result, conversions: [{ layer: spec.path, code: "W11", detail, fidelity: "exact" }] };
}
