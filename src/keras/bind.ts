import type * as tf from "@tensorflow/tfjs";
import type { StoredLayer } from "../formats/model-file.js";
import type { KerasOrigin } from "../layers/registry.js";
import type { KerasFinding } from "./finding.js";
import type { ModelGraph } from "./graph.js";

export interface BindResult {
  /** W01, W02, W03, W05: each names the layer; tensors that fit are bound nevertheless. */
  readonly findings: readonly KerasFinding[];
  /** Number of variables that got their values. */
  readonly bound: number;
}

/**
 * Gives a model's variables their stored values, by order and not by name, one tensor at a time
 * (legacy_h5_format.py `load_weights_from_hdf5_group`: both sides reduced to layers that have weights).
 * @param layers by path, as `ModelConnection.layers` has them
 * @param stored the file's layers in its own order
 */
export async function bindWeights(
  _graph: ModelGraph,
  _layers: ReadonlyMap<string, tf.layers.Layer>,
  _stored: readonly StoredLayer[],
  _origin: KerasOrigin,
): Promise<BindResult> {
  throw new Error("bindWeights is being written");
}
