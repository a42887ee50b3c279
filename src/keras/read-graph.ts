import type { JsonValue } from "../formats/model-file.js";
import type { KerasOrigin } from "../layers/registry.js";
import type { KerasFinding } from "./finding.js";
import type { LayerSpec, ModelGraph } from "./graph.js";

export interface ReadGraph {
  /** Null only when the config holds no layers at all; then `findings` says why. */
  readonly graph: ModelGraph | null;
  /** G01, G02, G03, A24 ... with the layer they concern. */
  readonly findings: readonly KerasFinding[];
}

/** Reads a model's saved config (Keras 1, 2 and 3; Sequential, Functional, nested) into one shape. Never throws. */
export function readModelGraph(_config: JsonValue, _origin: KerasOrigin): ReadGraph {
  throw new Error("readModelGraph is being written");
}

/** Every layer of a graph and of the models nested in it, in the file's order. */
export function* eachLayer(graph: ModelGraph): Generator<LayerSpec> {
  const open = [graph.layers.values()];
  while (open.length > 0) {
    const next = open.at(-1)!.next();
    if (next.done) {
      open.pop();
      continue;
    }
    yield next.value;
    if (next.value.model) open.push(next.value.model.layers.values());
  }
}
