import type { LayerSpec, ModelGraph } from "../keras/graph.js";
import { eachLayer } from "../keras/read-graph.js";
import { RECURRENT } from "./graph-config.js";
import { hasHardSigmoid, targetClass } from "./layer-config.js";
import { keras2Parts } from "./save-h5.js";
import type { ModelParts } from "./saved-model-parts.js";
import { isChain } from "./sequential-chain.js";

/**
 * What Keras 3, which opens Keras 2's `.h5` too, makes of it otherwise: layers that it refuses there, and a function
 * that has another formula in it. Followed: keras/src/legacy/saving, keras/src/models/functional.py.
 */
export function keras3ReadsH5(parts: ModelParts): string[] {
  const { graph, origin } = keras2Parts(parts);
  const specs = [...eachLayer(graph)];
  const refused = [...nestedInGraphs(graph), ...specs.filter(isRefused), ...withStates(graph)];
  const other = origin.major < 3 ? specs.filter((spec) => !spec.model && hasHardSigmoid(spec, origin)) : [];
  return [
    ...(refused.length > 0
      ? [`For Keras 2: Keras 3 does not read ${paths(refused)} in an .h5; save it as .keras for that.`]
      : []),
    ...(other.length > 0
      ? [
          `For Keras 2: hard_sigmoid is another function in Keras 3, which gets other numbers in ${paths(other)}; save it as .keras for that.`,
        ]
      : []),
  ];
}

/** A nested model's calls count from 1 in Keras 2, and from 0 in Keras 3; a Sequential has no such numbers. */
function nestedInGraphs(graph: ModelGraph): readonly LayerSpec[] {
  const nested = graph.layers.filter(({ model }) => model);
  return isChain(graph) ? nested.flatMap(({ model }) => nestedInGraphs(model!)) : nested;
}

/** Attention has its input shapes in Keras 2 only, TensorFlow's functions are layers there only. */
function isRefused(spec: LayerSpec): boolean {
  if (spec.model) return false;
  const inner = Object.values(spec.inner).flat();
  return (
    inner.some(({ model }) => model !== null) ||
    [spec, ...inner].some(
      (each) =>
        each.className === "MultiHeadAttention" ||
        (targetClass(each, 3) === null && targetClass(each, 2) !== null),
    )
  );
}

/** Recurrent layers whose states stand in one list with the sequence, as in Keras 2. */
function withStates({ layers, calls }: ModelGraph): LayerSpec[] {
  return layers.flatMap((spec) => {
    if (spec.model) return withStates(spec.model);
    const hasStates = calls.some(
      ({ layer, args, kwargs }) =>
        layer === spec.name &&
        (args[0]?.kind === "list" || (kwargs["initial_state"] ?? { kind: "constant" }).kind !== "constant"),
    );
    return RECURRENT.test(spec.className) && hasStates ? [spec] : [];
  });
}

function paths(specs: readonly LayerSpec[]): string {
  const some = specs.slice(0, 3).map(({ path }) => path);
  return some.join(", ") + (specs.length > 3 ? ` and ${specs.length - 3} more` : "");
}
