import { inputShapeFromKernel } from "../keras/input-layer.js";
import type { LayerSpec, ModelGraph } from "../keras/graph.js";
import { referencesOf } from "../keras/read-functional.js";
import { declaredInputShape } from "../keras/read-sequential.js";
import { locate, storedWeights } from "./evidence.js";
import type { Work } from "./work.js";

/**
 * The shape that an input must have for the stored kernel of the layer behind it; with the file's own lengths where
 * it has any, and null where it leaves them open. Null when the layer is neither an input nor right behind one.
 */
export function likelyInputShape(
  spec: LayerSpec,
  work: Work,
): { readonly input: LayerSpec; readonly shape: readonly (number | null)[] | null } | null {
  const graph = work.graph && locate(work.graph, spec.path)?.graph;
  const pair = graph && inputAndNext(spec, graph);
  if (!pair) return null;
  const { input, next } = pair;
  const kernel = next && storedWeights(work, next)[0]?.shape;
  const nested = next?.model?.layers.find(({ className }) => className === "InputLayer");
  const implied = nested
    ? (declaredInputShape(nested.config) as (number | null)[] | null)
    : next && kernel
      ? inputShapeFromKernel(next, kernel)
      : null;
  const declared = declaredInputShape(input.config) as (number | null)[] | null;
  if (!implied) return { input, shape: null };
  const shape =
    declared?.length === implied.length ? implied.map((n, axis) => n ?? declared[axis] ?? null) : implied;
  const same = declared?.length === shape.length && shape.every((n, axis) => n === declared[axis]);
  return { input, shape: same ? null : shape };
}

function inputAndNext(
  spec: LayerSpec,
  graph: ModelGraph,
): { input: LayerSpec; next: LayerSpec | null } | null {
  const named = (name: string | undefined) => graph.layers.find((layer) => layer.name === name) ?? null;
  if (spec.className === "InputLayer") {
    const call = graph.calls.find((one) => referencesOf(one).some(({ layer }) => layer === spec.name));
    return { input: spec, next: named(call?.layer) };
  }
  const call = graph.calls.find(({ layer }) => layer === spec.name);
  const first = call && named(referencesOf(call)[0]?.layer);
  return first?.className === "InputLayer" ? { input: first, next: spec } : null;
}
