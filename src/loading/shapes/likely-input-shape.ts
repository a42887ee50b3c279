import { inputShapeFromKernel } from "../../keras/input-layer.js";
import type { LayerSpec, ModelGraph } from "../../keras/graph.js";
import { referencesOf } from "../../keras/read-functional.js";
import { declaredInputShape } from "../../keras/read-sequential.js";
import { locate, storedWeights } from "../report/evidence.js";
import type { Work } from "../work.js";

type Shape = readonly (number | null)[];

/**
 * The shape that an input must have for the stored kernel of the layer behind it; with the file's own lengths where
 * it has any, and null where it leaves them open. Null when the layer is neither an input nor right behind one; further
 * behind, a shape of the file that lacks the batch axis alone is told.
 */
export function likelyInputShape(
  spec: LayerSpec,
  work: Work,
): { readonly input: LayerSpec; readonly shape: Shape | null } | null {
  const graph = work.graph && locate(work.graph, spec.path)?.graph;
  const pair = graph && inputAndNext(spec, graph);
  if (!pair) return null;
  const { input, next } = pair;
  const kernel = next && storedWeights(work, next)[0]?.shape;
  const nested = next?.model?.layers.find(({ className }) => className === "InputLayer");
  const implied = nested
    ? (declaredInputShape(nested.config) as Shape | null)
    : next && kernel
      ? inputShapeFromKernel(next, kernel)
      : null;
  const declared = declaredInputShape(input.config) as Shape | null;
  const whole = declared && withBatch(declared, implied);
  if (whole) return { input, shape: whole };
  if (spec !== input && spec !== next) return null;
  if (!implied) return { input, shape: null };
  const shape =
    declared?.length === implied.length ? implied.map((n, axis) => n ?? declared[axis] ?? null) : implied;
  const same = declared?.length === shape.length && shape.every((n, axis) => n === declared[axis]);
  return { input, shape: same ? null : shape };
}

/** The file's lengths behind a batch axis, where they are those of one example; null where the kernel says otherwise. */
function withBatch(declared: Shape, implied: Shape | null): Shape | null {
  if (declared.length === 0 || declared[0] === null) return null;
  const shape = [null, ...declared];
  if (!implied) return shape;
  return implied.length === shape.length && implied.every((n, axis) => n === null || n === shape[axis])
    ? shape
    : null;
}

/** The input, and the layer that takes it: of an input itself, or of a layer that it reaches. */
function inputAndNext(
  spec: LayerSpec,
  graph: ModelGraph,
): { input: LayerSpec; next: LayerSpec | null } | null {
  if (spec.className !== "InputLayer") return inputReaching(spec, graph);
  const call = graph.calls.find((one) => referencesOf(one).some(({ layer }) => layer === spec.name));
  return { input: spec, next: named(graph, call?.layer) };
}

/** Back along the first tensor that each layer is called on, to an input; null where none is reached. */
export function inputReaching(
  spec: LayerSpec,
  graph: ModelGraph,
): { readonly input: LayerSpec; readonly next: LayerSpec } | null {
  let next = spec;
  for (let step = 0; step < graph.layers.length; step++) {
    const call = graph.calls.find(({ layer }) => layer === next.name);
    const before = call && named(graph, referencesOf(call)[0]?.layer);
    if (!before) return null;
    if (before.className === "InputLayer") return { input: before, next };
    next = before;
  }
  return null;
}

function named(graph: ModelGraph, name: string | undefined): LayerSpec | null {
  return graph.layers.find((layer) => layer.name === name) ?? null;
}
