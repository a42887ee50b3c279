import type * as tf from "@tensorflow/tfjs";
import type { Adjustment, KerasOrigin, LayerDefinition } from "../layers/registry.js";
import type { KerasFinding } from "./finding.js";
import type { LayerSpec, ModelGraph } from "./graph.js";

export interface ConnectOptions {
  readonly origin: KerasOrigin;
  /** The definition to make a layer by; null leaves the layer, and what depends on it, unmade (finding C01). */
  resolve(spec: LayerSpec): LayerDefinition | null;
  /** Shapes of the layer's stored weights in file order, null when the file has none for it. */
  storedShapes(spec: LayerSpec): readonly (readonly number[])[] | null;
  /** Told of every argument that was renamed, dropped or ignored. */
  adjusted?(spec: LayerSpec, adjustment: Adjustment): void;
}

/** A model while it is being put together. */
export interface ModelConnection {
  /** Layers made so far, by path; those of nested models too. */
  readonly layers: ReadonlyMap<string, tf.layers.Layer>;
  /**
   * Makes every layer and call that can be made and is not made yet. Call it again after a cause is mended
   * (a class registered): what stands stays, only the rest is tried.
   */
  advance(): ConnectResult;
  /** Shapes that reach a layer, for the card of one that could not be made; null when they are not known yet. */
  inputShapes(path: string): readonly (readonly (number | null)[])[] | null;
}

export interface ConnectResult {
  /** The whole model, or null while something blocks it. */
  readonly model: tf.LayersModel | null;
  /** What blocks it, one for each layer at fault; layers that only wait for another are not named. */
  readonly findings: readonly KerasFinding[];
}

export function connectModel(_graph: ModelGraph, _options: ConnectOptions): ModelConnection {
  throw new Error("connectModel is being written");
}
