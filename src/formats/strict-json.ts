import type { JsonValue } from "./model-file.js";

/** How much a text may hold before it is no model's configuration. */
export const JSON_LIMITS = {
  characters: 64 * 2 ** 20,
  depth: 256,
  /** Objects and lists; a layer of Keras 3 has about 15. */
  containers: 1_000_000,
  /** Keys of one object; a graph or a list of tensors has one for each of its parts. */
  keys: 250_000,
} as const;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/**
 * A text that is plain JSON and within the limits, several times faster than the reader that forgives and that says
 * where a text goes wrong; its objects have no prototype either. Undefined for any other text.
 */
export function parseStrictJson(text: string): JsonValue | undefined {
  if (!isWithinLimits(text)) return undefined;
  try {
    return withoutPrototypes(JSON.parse(text) as JsonValue);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Counts what stands outside of strings, before anything is made of it. */
function isWithinLimits(text: string): boolean {
  if (text.length > JSON_LIMITS.characters) return false;
  let depth = 0;
  let containers = 0;
  const keys = new Uint32Array(JSON_LIMITS.depth + 1);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === 0x7b || code === 0x5b) {
      depth++;
      containers++;
      if (depth > JSON_LIMITS.depth || containers > JSON_LIMITS.containers) return false;
      keys[depth] = 0;
    } else if (code === 0x7d || code === 0x5d) depth--;
    else if (code === COLON && ++keys[depth]! > JSON_LIMITS.keys) return false;
  }
  return true;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at++;
  }
  return text.length;
}

function withoutPrototypes(value: JsonValue): JsonValue {
  if (typeof value !== "object" || value === null) return value;
  if (!Array.isArray(value)) Object.setPrototypeOf(value, null);
  const inners = Array.isArray(value) ? value : Object.values(value);
  for (const inner of inners) if (typeof inner === "object") withoutPrototypes(inner);
  return value;
}
