import type { LayerSpec } from "../keras/graph.js";
import { nearestNames } from "../names/nearest-names.js";
import { operationDefinition } from "../ops/operation-layer.js";
import { OPERATIONS } from "../ops/table.js";
import type { LayerDefinition } from "./registry.js";
import { LAYERS } from "./table.js";

const BY_NAME: ReadonlyMap<string, LayerDefinition> = new Map(
  LAYERS.flatMap((definition) =>
    [definition.className, ...(definition.aliases ?? [])].map((name) => [name, definition] as const),
  ),
);

/**
 * Packages whose classes bear Keras's own names for Keras's own layers: `Custom>Dense` is no such thing. Files saved here
 * have those of another major than theirs under `loadlab`.
 */
const KERAS_PACKAGES = new Set(["keras", "tf_keras", "TensorFlow", "loadlab"]);

/**
 * The definition for a saved layer: the user's own first, then the layer table by class name and alias.
 * @param custom by the class name as saved, `MyLayer` or `pkg>MyLayer`, or by its last part
 * @returns null when the class is unknown; `similarLayers` then says what comes near.
 */
export function resolveLayer(
  spec: LayerSpec,
  custom: ReadonlyMap<string, LayerDefinition>,
): LayerDefinition | null {
  const own = customDefinition(spec, custom);
  if (own) return own;
  if (isOperation(spec)) {
    const operation = OPERATIONS.get(spec.className);
    return operation ? operationDefinition(operation) : null;
  }
  const addon = [spec.registeredName, spec.className].find((name) => name?.startsWith("Addons>"));
  if (addon) return BY_NAME.get(addon) ?? null;
  const separator = spec.className.indexOf(">");
  const foreign = separator >= 0 && !KERAS_PACKAGES.has(spec.className.slice(0, separator));
  const known = foreign ? null : (BY_NAME.get(lastPart(spec.className)) ?? null);
  return known?.computes?.(spec) === false ? null : known;
}

/** What is registered under the name that the file has for the class, with or without its package. */
export function customDefinition(
  spec: LayerSpec,
  custom: ReadonlyMap<string, LayerDefinition>,
): LayerDefinition | null {
  for (const name of [spec.registeredName, spec.className]) {
    const own = name === null ? undefined : (custom.get(name) ?? custom.get(lastPart(name)));
    if (own && own.computes?.(spec) !== false) return own;
  }
  return null;
}

/** Other known class names that a reader may have meant, nearest first, at most three. */
export function similarLayers(className: string): readonly string[] {
  return nearestNames(className, BY_NAME.keys()).filter((name) => name !== className);
}

/**
 * Keras 3 saves an operation of `keras.ops` like a layer; ten of them share a layer's name. Its .h5 files leave the
 * module out, but only layers have `trainable` in their config.
 */
export function isOperation(spec: LayerSpec): boolean {
  if (spec.module !== null) return /^keras(\.src)?\.ops\b/.test(spec.module);
  return OPERATIONS.has(spec.className) && !("trainable" in spec.config);
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf(">") + 1);
}
