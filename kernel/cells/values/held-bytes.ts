import { types } from "node:util";

/** Objects that are looked into, at most. */
const MOST_OBJECTS = 2000;

/**
 * About how much memory a value keeps alive, in bytes: tensors, buffers and strings in it are counted, also those in
 * arrays, maps, sets and plain objects. No getter is run.
 */
export function heldBytes(value: unknown): number {
  const seen = new Set<object>();
  const waiting: unknown[] = [value];
  let bytes = 0;
  while (waiting.length > 0 && seen.size < MOST_OBJECTS) {
    const next = waiting.pop();
    if (typeof next === "string") bytes += next.length * 2;
    if (typeof next !== "object" || next === null || types.isProxy(next) || seen.has(next)) continue;
    seen.add(next);
    bytes += ownBytes(next);
    waiting.push(...parts(next));
  }
  return bytes;
}

function ownBytes(value: object): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (value instanceof ArrayBuffer) return value.byteLength;
  if (Array.isArray(value)) return value.length * 8;
  const size = dataOf(value, "size");
  const isTensor =
    typeof size === "number" && Array.isArray(dataOf(value, "shape")) && dataOf(value, "dataId");
  return isTensor ? size * 4 : 64;
}

function parts(value: object): Iterable<unknown> {
  if (ArrayBuffer.isView(value)) return [];
  if (Array.isArray(value)) return value.slice(0, MOST_OBJECTS);
  if (value instanceof Map) return [...value].flat().slice(0, MOST_OBJECTS);
  if (value instanceof Set) return [...value].slice(0, MOST_OBJECTS);
  const names = Object.keys(value).slice(0, MOST_OBJECTS);
  return names.map((name) => dataOf(value, name));
}

function dataOf(value: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(value, name)?.value as unknown;
}
