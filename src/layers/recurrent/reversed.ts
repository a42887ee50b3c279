import type { LayerSpec } from "../../keras/graph.js";
import { Arguments } from "../arguments/arguments.js";

/** The same layer run the other way, as Keras makes the backward layer when none is saved. */
export function reversed(spec: LayerSpec): LayerSpec {
  const backwards = new Arguments(spec).flag("go_backwards", false);
  return {
    ...spec,
    name: `backward_${spec.name}`,
    path: `${spec.path}_backward`,
    config: { ...spec.config, go_backwards: !backwards },
    inner: movedTo(`${spec.path}_backward`, spec.inner),
  };
}

/** Cells of its own: what has one path is one layer. */
function movedTo(path: string, inner: LayerSpec["inner"]): LayerSpec["inner"] {
  const moved = (spec: LayerSpec): LayerSpec => {
    const own = `${path}/${spec.name}`;
    return { ...spec, path: own, inner: movedTo(own, spec.inner) };
  };
  return Object.fromEntries(Object.entries(inner).map(([key, list]) => [key, list.map(moved)]));
}
