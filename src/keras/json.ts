import type { JsonValue } from "../formats/model-file.js";

export type JsonObject = { readonly [key: string]: JsonValue };

export function isObject(value: JsonValue | undefined): value is { [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The string under a key, or null where there is none. */
export function stringAt(object: JsonObject, key: string): string | null {
  const value = Object.hasOwn(object, key) ? object[key] : undefined;
  return typeof value === "string" ? value : null;
}

/** The value as a short line for a message; a config is never printed whole. */
export function brief(value: JsonValue | undefined): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/**
 * Takes Keras's wrappers off a value: tuples, tensor shapes, slices stay, arrays of numbers come out plain
 * (keras/saving/serialization_lib.py, tf_keras/saving/legacy/saved_model/json_utils.py).
 */
export function plain(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  const wrapper = stringAt(value, "class_name");
  if ((wrapper === "__tuple__" || wrapper === "TensorShape") && Array.isArray(value["items"])) {
    return value["items"].map(plain);
  }
  if (value["type"] === "ndarray" && "value" in value) return plain(value["value"]!);
  if ((wrapper === "__numpy__" || wrapper === "__tensor__") && isObject(value["config"])) {
    const held = plain(value["config"]["value"] ?? null);
    // A tensor of one number meets others as the number does.
    const [only, ...others] = Array.isArray(held) ? held : [];
    return wrapper === "__tensor__" && typeof only === "number" && others.length === 0 ? only : held;
  }
  const result: { [key: string]: JsonValue } = Object.create(null) as { [key: string]: JsonValue };
  for (const [key, item] of Object.entries(value)) result[key] = plain(item);
  return result;
}

/** A token as it was before it was saved: Keras 2 writes bytes as an object, in one form or another by the file. */
export function savedToken(value: JsonValue): JsonValue {
  if (!isObject(value) || value["class_name"] !== "__bytes__") return value;
  const config = isObject(value["config"]) ? value["config"] : value;
  return stringAt(config, "value") ?? value;
}
