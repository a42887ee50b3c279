import type { JsonValue } from "../model-file.js";

export type JsonObject = { [key: string]: JsonValue };

/** An object of the file; one without fields for what is none. */
export function asObject(value: JsonValue | undefined): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value
    : (Object.create(null) as JsonObject);
}

/** A list of the file; an empty one for what is none. */
export function asList(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}
