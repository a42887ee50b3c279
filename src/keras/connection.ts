import type * as tf from "@tensorflow/tfjs";
import type { Adjustment, KerasOrigin, LayerContext, LayerDefinition } from "../layers/registry.js";
import type { KerasFinding } from "./finding.js";
import type { LayerSpec } from "./graph.js";

export interface ConnectOptions {
  readonly origin: KerasOrigin;
  /** The definition to make a layer by; null leaves the layer, and what depends on it, unmade (finding C01). */
  resolve(spec: LayerSpec): LayerDefinition | null;
  /** Shapes of the layer's stored weights in file order, null when the file has none for it. */
  storedShapes(spec: LayerSpec): readonly (readonly number[])[] | null;
  /** The same with their dtypes, for layers that are quantised without saying so. */
  stored?(spec: LayerSpec): LayerContext["stored"];
  /** Text of a file that the model keeps for the layer (`vocabulary.txt`), null when it has none; none if absent. */
  asset?(spec: LayerSpec, name: string): string | null;
  /** True where the user registered the layer's class. */
  custom?(spec: LayerSpec): boolean;
  /** Told of every argument that was renamed, dropped or ignored. */
  adjusted?(spec: LayerSpec, adjustment: Adjustment): void;
  /** Called around the making and calling of each layer. */
  within?<T>(spec: LayerSpec, work: () => T): T;
  /** True where no stored weights follow, so that the variables must start as for training; default false. */
  readonly initialize?: boolean;
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
  /**
   * Unmakes layers and all that hangs on them, so that `advance` makes those again; what comes before them stands.
   * @param paths of the layers, those inside wrappers and nested models too
   * @returns every layer that was unmade, by its path
   */
  unmake(paths: ReadonlySet<string>): ReadonlyMap<string, tf.layers.Layer>;
  /** Shapes that reach a layer, for the card of one that could not be made; null when they are not known yet. */
  inputShapes(path: string): readonly (readonly (number | null)[])[] | null;
  /** Masks of the model's outputs, in their order: losses and metrics leave out what they leave out. */
  outputMasks(): (tf.SymbolicTensor | null)[];
  /** What layers add to the loss that no output need hang on (`AddLoss` of Keras 2). */
  addedLosses(): readonly tf.SymbolicTensor[];
  /** Layers of the user's, by their paths, behind which a mask is gone. */
  masksEndAt(): readonly string[];
}

export interface ConnectResult {
  /** The whole model, or null while something blocks it. */
  readonly model: tf.LayersModel | null;
  /** What blocks it, one for each layer at fault; layers that only wait for another are not named. */
  readonly findings: readonly KerasFinding[];
}
