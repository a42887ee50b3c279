import type { LayerSpec } from "../keras/graph.js";
import type { LayerDefinition } from "./registry.js";

/**
 * The definition for a saved layer: the user's own first, then the layer table by class name, alias and module.
 * @returns null when the class is unknown; `similarLayers` then says what comes near.
 */
export function resolveLayer(
  _spec: LayerSpec,
  _custom: ReadonlyMap<string, LayerDefinition>,
): LayerDefinition | null {
  throw new Error("resolveLayer is being written");
}

/** Known class names that a reader may have meant, nearest first, at most three. */
export function similarLayers(_className: string): readonly string[] {
  throw new Error("similarLayers is being written");
}
