import type { JsonValue } from "../formats/model-file.js";

const MARK = "\u0001float ";

/** The numbers of a value, marked: `pythonJson` writes them as Python's floats. */
export function asFloats(value: JsonValue): JsonValue {
  if (typeof value === "number") return Number.isInteger(value) ? `${MARK}${value}` : value;
  if (Array.isArray(value)) return value.map((item) => asFloats(item));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asFloats(item as JsonValue)]));
}

/** JSON in which marked numbers have a point, `2.0`: what Python reads of `2` is an integer. */
export function pythonJson(value: JsonValue): string {
  return JSON.stringify(value).replace(/"\\u0001float (-?\d+)(e\+\d+)?"/g, "$1.0$2");
}
