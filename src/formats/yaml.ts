import { Worker } from "node:worker_threads";
import { JsonError } from "./json.js";
import type { JsonValue } from "./model-file.js";

/** Architectures in YAML are of Keras 0 to 2.5: a few thousand lines. */
const LIMITS = { characters: 2 ** 20, depth: 256, milliseconds: 5_000, megabytes: 256 } as const;

/** What the worker answers: the document with maps as Map, or why it is none. */
export type YamlAnswer =
  { readonly value: unknown } | { readonly error: string; readonly line: number; readonly column: number };

/**
 * Parses YAML as Keras wrote architectures until version 2.5. Tags such as `!!python/tuple` or `!!python/object`
 * mean nothing here: what they mark is read as plain data.
 *
 * The parser runs in a thread of its own that is ended after five seconds: its time on hostile text grows with the
 * square of the length.
 * @throws JsonError with line and column
 */
export async function parseYaml(text: string): Promise<JsonValue> {
  if (text.length > LIMITS.characters)
    throw new JsonError("the text is larger than a model's architecture", 1, 1);
  checkNesting(text);
  const answer = await parseInWorker(text);
  if ("error" in answer) throw new JsonError(answer.error, answer.line, answer.column);
  return plain(answer.value);
}

/**
 * Deep nesting takes the parser past the stack, which can end the process, so it is refused before: by brackets
 * (those in quotes are counted too, which no architecture comes near) and by how a line begins.
 */
function checkNesting(text: string): void {
  let open = 0;
  text.split("\n").forEach((line, i) => {
    const start = /^[ \t?-]*/.exec(line)![0];
    for (const character of line) {
      if (character === "[" || character === "{") open++;
      else if (character === "]" || character === "}") open = Math.max(0, open - 1);
      if (open > LIMITS.depth) throw tooDeep(i + 1);
    }
    if (start.length > 2 * LIMITS.depth) throw tooDeep(i + 1);
  });
}

function tooDeep(line: number): JsonError {
  return new JsonError(`values are nested deeper than ${LIMITS.depth}`, line, 1);
}

function parseInWorker(text: string): Promise<YamlAnswer> {
  const worker = new Worker(new URL("./yaml-worker.js", import.meta.url), {
    workerData: text,
    resourceLimits: { maxOldGenerationSizeMb: LIMITS.megabytes },
  });
  return new Promise<YamlAnswer>((resolve) => {
    const fail = (error: string) => resolve({ error, line: 1, column: 1 });
    const timer = setTimeout(() => fail("the text takes too long to parse"), LIMITS.milliseconds);
    worker.once("message", resolve);
    worker.once("error", (error: Error) => fail(error.message));
    worker.once("exit", () => {
      clearTimeout(timer);
      fail("the text could not be parsed");
    });
  }).finally(() => worker.terminate());
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
