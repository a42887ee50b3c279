import type * as tf from "@tensorflow/tfjs";

/** NumPy's names of what tensors of a saved model have for elements: `uint8`. */
const types = new WeakMap<tf.SymbolicTensor, string>();

/**
 * The element type that Keras has for a tensor where tfjs knows fewer, as its input or a cast says it; null where
 * nothing says it.
 */
export function elementType(tensor: tf.SymbolicTensor): string | null {
  return types.get(tensor) ?? null;
}

export function setElementType(tensor: tf.SymbolicTensor, type: string | null): void {
  if (type !== null) types.set(tensor, type);
}

const declared = new WeakMap<tf.layers.Layer, string>();

/** The element type that a file has for what a layer gives out; null where it has none. */
export function declaredType(layer: tf.layers.Layer): string | null {
  return declared.get(layer) ?? null;
}

export function declareType(layer: tf.layers.Layer, type: string | undefined): void {
  if (type !== undefined) declared.set(layer, type);
}

/** `<dtype: 'uint8'>` and `uint8` are one; null for what is no name. */
export function elementTypeName(value: unknown): string | null {
  return typeof value === "string" ? value.replace(/^<dtype: '(\w+)'>$/, "$1") : null;
}
