import { parseDocument, visit } from "yaml";
import { JsonError } from "./json.js";
import type { JsonValue } from "./model-file.js";

const LIMITS = { characters: 64 * 2 ** 20, depth: 256, aliases: 100 } as const;

/**
 * Parses YAML as Keras wrote architectures until version 2.5. Tags such as `!!python/tuple` or `!!python/object`
 * mean nothing here: what they mark is read as plain data.
 * @throws JsonError with line and column
 */
export function parseYaml(text: string): JsonValue {
  if (text.length > LIMITS.characters)
    throw new JsonError("the text is larger than a model's configuration", 1, 1);
  const document = parseDocument(text, {
    logLevel: "silent",
    maxAliasCount: LIMITS.aliases,
    uniqueKeys: false,
  } as object);
  const [error] = document.errors;
  if (error)
    throw new JsonError(
      error.message.split("\n")[0]!,
      error.linePos?.[0].line ?? 1,
      error.linePos?.[0].col ?? 1,
    );
  visit(document, {
    Node: (_key, _node, path) => {
      if (path.length > 2 * LIMITS.depth)
        throw new JsonError(`values are nested deeper than ${LIMITS.depth}`, 1, 1);
    },
  });
  try {
    return plain(document.toJS({ mapAsMap: true, maxAliasCount: LIMITS.aliases }));
  } catch (cause) {
    throw new JsonError((cause as Error).message, 1, 1);
  }
}

/** Maps become objects without a prototype; what JSON has no word for becomes text. */
function plain(value: unknown): JsonValue {
  if (value instanceof Map) {
    const object = Object.create(null) as { [key: string]: JsonValue };
    for (const [key, item] of value) object[String(key)] = plain(item);
    return object;
  }
  if (Array.isArray(value) || value instanceof Set) return Array.from(value, plain);
  if (value === null || value === undefined) return null;
  return typeof value === "boolean" || typeof value === "number" || typeof value === "string"
    ? value
    : String(value);
}
