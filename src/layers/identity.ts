import type { LayerSpec } from "../keras/graph.js";
import { ComputedLayer } from "./computed-layer.js";

/** A layer that hands its input on, for what changes nothing when a model predicts. */
export function identity(spec: Pick<LayerSpec, "className" | "name">): ComputedLayer {
  return new ComputedLayer(
    spec.className,
    { name: spec.name },
    { outputShape: ([x]) => x!, compute: ([x]) => x! },
  );
}
