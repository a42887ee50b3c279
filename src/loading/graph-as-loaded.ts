import type { LayerSpec, ModelGraph } from "../keras/graph.js";
import { mapLayers } from "./edits/edited.js";
import { storedWeights } from "./evidence.js";
import type { Work } from "./work.js";

/**
 * The graph with what the load found out in place of what the config says otherwise or leaves open: the kind of a GRU,
 * which its stored bias tells, and the shape of an input, which the calls tell. So it is saved.
 */
export function graphAsLoaded(work: Work): ModelGraph {
  return mapLayers(work.graph!, (spec) => ({ ...spec, config: { ...spec.config, ...foundOut(spec, work) } }));
}

function foundOut(spec: LayerSpec, work: Work): LayerSpec["config"] {
  if (/^GRU(Cell)?$/.test(spec.className)) {
    const [, kernel, bias] = storedWeights(work, spec).map(({ shape }) => shape);
    if (!bias) return {};
    // cuDNN keeps two biases in one row.
    return { reset_after: bias.length === 2 || bias[0] === 2 * (kernel?.[1] ?? 0) };
  }
  if (spec.className !== "InputLayer" || "batch_shape" in spec.config || "batch_input_shape" in spec.config)
    return {};
  const shape = work.connection?.layers.get(spec.path)?.batchInputShape;
  return shape ? { batch_input_shape: [...shape] } : {};
}
