import { parseJson } from "../../formats/json.js";
import type { JsonValue } from "../../formats/model-file.js";

const EXAMPLE = "latent_dim=2, scale=0.5";

/**
 * Values of variables as users type them: `latent_dim=2, size=(8, 8), mode='max', flip=True`.
 * @throws RangeError that says what is wrong
 */
export function parseVariables(text: string): Record<string, JsonValue> {
  const parts = text.split(/,(?=\s*[A-Za-z_]\w*\s*=)/);
  return Object.fromEntries(parts.map(parseVariable));
}

function parseVariable(part: string): [string, JsonValue] {
  const [, name, value] = /^\s*([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/s.exec(part) ?? [];
  if (name === undefined || value === undefined)
    throw new RangeError(
      `${part.trim() || "Nothing"} gives no variable a value; it is written as ${EXAMPLE}.`,
    );
  const json = value
    .replaceAll("'", '"')
    .replaceAll(/[()]/g, (bracket) => (bracket === "(" ? "[" : "]"))
    .replaceAll(/,\s*\]/g, "]")
    .replaceAll(/\b(True|False|None)\b/g, (word) => (word === "None" ? "null" : word.toLowerCase()))
    .replace(/^(-?\d+)\.$/, "$1");
  try {
    return [name, JSON.parse(JSON.stringify(parseJson(json))) as JsonValue];
  } catch {
    throw new RangeError(
      `${value} is no number, text, list, True, False or None; it is written as ${EXAMPLE}.`,
    );
  }
}
