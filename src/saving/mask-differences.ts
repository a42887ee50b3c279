import type { LayerCall, LayerSpec, ModelGraph, TensorRef } from "../keras/graph.js";
import { handsOnMask, maskOfData, registeredClass } from "../keras/mask-support.js";
import { referencesOf } from "../keras/read-functional.js";
import { eachLayer } from "../keras/read-graph.js";
import type { KerasOrigin } from "../layers/registry.js";
import { isOperation } from "../layers/resolve.js";
import { RECURRENT } from "./graph-config.js";
import type { Target } from "./layer-config.js";

/**
 * Paths of layers that get a mask and make of it, in the other Keras that a model is saved for, something else: Keras 3
 * takes masks off what attention is called on, attends nowhere in steps that are masked whole, leaves masked steps out
 * of products and extremes, and gives no mask to a layer that is given its states.
 */
export function maskDifferences(graph: ModelGraph, from: KerasOrigin, target: Target): string[] {
  if ((from.major === 3) === (target === 3)) return [];
  return graph.layers.flatMap((spec) => {
    if (spec.model) return maskDifferences(spec.model, from, target);
    const calls = graph.calls.filter(({ layer }) => layer === spec.name);
    const differs = calls.some(
      (call) => treatsOtherwise(spec, call, target) && takesMask(call, graph, from.major),
    );
    return differs ? [spec.path] : [];
  });
}

/** Of a Keras 3 model Keras 2 gets a layer that ends the mask before states. */
function treatsOtherwise(spec: LayerSpec, call: LayerCall, target: Target): boolean {
  if (isOperation(spec)) return false;
  if (RECURRENT.test(spec.className)) return target === 3 && referencesOf(call).length > 1;
  return (
    /^(MultiHeadAttention|Multiply|Maximum|Minimum)$/.test(spec.className) ||
    handsOnMask(spec, 2) !== handsOnMask(spec, 3)
  );
}

function takesMask(call: LayerCall, graph: ModelGraph, major: number): boolean {
  return referencesOf(call).some((ref) => isMasked(ref, graph, major, new Set()));
}

/** Whether a tensor has a mask; one from a nested model may have that of its input, or of a layer inside. */
function isMasked(ref: TensorRef, graph: ModelGraph, major: number, seen: Set<string>): boolean {
  const key = `${ref.layer} ${ref.nodeIndex}`;
  const spec = graph.layers.find(({ name }) => name === ref.layer);
  const call = graph.calls.find(({ layer, nodeIndex }) => layer === ref.layer && nodeIndex === ref.nodeIndex);
  if (seen.has(key) || !spec || !call) return false;
  seen.add(key);
  if (spec.model && [...eachLayer(spec.model)].some(makesMask)) return true;
  if (makesMask(spec)) return true;
  if (!spec.model && !mayHandOn(spec, ref, major)) return false;
  return referencesOf(call).some((from) => isMasked(from, graph, major, seen));
}

function makesMask(spec: LayerSpec): boolean {
  return maskOfData(registeredClass(spec), spec.config) !== null;
}

function mayHandOn(spec: LayerSpec, { tensorIndex }: TensorRef, major: number): boolean {
  if (!RECURRENT.test(spec.className)) return handsOnMask(spec, major) && tensorIndex === 0;
  const config = spec.inner["layer"]?.[0]?.config ?? spec.config;
  return tensorIndex === 0 && config["return_sequences"] === true;
}
