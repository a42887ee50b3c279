import type { JsonValue } from "../../formats/model-file.js";
import type { Constant, Entries } from "./expression.js";
import { MASK } from "./known-values.js";
import type { CodeObject } from "./marshal.js";

/** What a Lambda's config holds beside the code. */
interface SavedValues {
  readonly defaults: JsonValue;
  readonly closure: JsonValue;
  readonly arguments: JsonValue;
}

/** Values by the names that the code has for them: of its closure, its defaults and the Lambda's own arguments, the last first. */
export function givenTo(
  code: CodeObject,
  saved: SavedValues,
): { readonly values: Map<string, Constant>; readonly dictionaries: Map<string, Entries> } {
  const defaults = listOf(saved.defaults);
  // Defaults belong to the last parameters.
  const withDefaults = code.locals.slice(0, code.argumentCount).slice(-defaults.length || code.argumentCount);
  const given = new Map<string, JsonValue>([
    ...named(code.free, listOf(saved.closure)),
    ...named(withDefaults, defaults),
    ...Object.entries(isPlain(saved.arguments) ? saved.arguments : {}),
  ]);
  given.delete(MASK);
  const dictionaries = new Map<string, Entries>();
  for (const [name, value] of given) if (isPlain(value)) dictionaries.set(name, dictionaryOf(value));
  return { values: constantsOf(Object.fromEntries(given)), dictionaries };
}

/** The constants of an object; what Keras makes of its config (a layer, an initializer) is none. */
export function constantsOf(value: JsonValue): Map<string, Constant> {
  const constants = new Map<string, Constant>();
  for (const [name, item] of Object.entries(isPlain(value) ? value : {})) {
    const constant = constantOf(item);
    if (constant !== undefined) constants.set(name, constant);
  }
  return constants;
}

/** A list, or a tuple as Keras 3 saves it. */
export function listOf(value: JsonValue): readonly JsonValue[] {
  if (Array.isArray(value)) return value;
  const items = value !== null && typeof value === "object" ? value["items"] : null;
  return Array.isArray(items) ? items : [];
}

function named(names: readonly string[], values: readonly JsonValue[]): [string, JsonValue][] {
  return values.flatMap((value, i) => (names[i] === undefined ? [] : [[names[i], value]]));
}

/** A dictionary of the Python program, which has no class. */
function isPlain(value: JsonValue): value is Readonly<Record<string, JsonValue>> {
  return value !== null && typeof value === "object" && !Array.isArray(value) && !("class_name" in value);
}

function dictionaryOf(value: Readonly<Record<string, JsonValue>>): Entries {
  const entries = new Map<string, Constant | Entries>(constantsOf(value));
  for (const [key, item] of Object.entries(value)) if (isPlain(item)) entries.set(key, dictionaryOf(item));
  return entries;
}

function constantOf(value: JsonValue): Constant | undefined {
  if (value === null || typeof value !== "object") return value;
  if (!Array.isArray(value) && !Array.isArray(value["items"])) return undefined;
  const items = listOf(value).map(constantOf);
  return items.every((item) => item !== undefined) ? items : undefined;
}
