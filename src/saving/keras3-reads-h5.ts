import type { LayerSpec } from "../keras/graph.js";
import { eachLayer } from "../keras/read-graph.js";
import { hasHardSigmoid, targetClass } from "./layer-config.js";
import type { ModelParts } from "./saved-model-parts.js";

/**
 * What Keras 3, which opens Keras 2's `.h5` too, makes of it otherwise: layers that it refuses there, and a function
 * that has another formula in it. Followed: keras/src/legacy/saving, keras/src/models/functional.py.
 */
export function keras3ReadsH5({ graph, origin }: ModelParts): string[] {
  const specs = [...eachLayer(graph)];
  const refused = specs.filter((spec) => isRefused(spec, graph.layers.includes(spec)));
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

/** A nested model's calls count from 1 in Keras 2, and from 0 in Keras 3; attention has its input shapes in Keras 2 only. */
function isRefused(spec: LayerSpec, isTop: boolean): boolean {
  if (spec.model) return isTop;
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

function paths(specs: readonly LayerSpec[]): string {
  const some = specs.slice(0, 3).map(({ path }) => path);
  return some.join(", ") + (specs.length > 3 ? ` and ${specs.length - 3} more` : "");
}
