import type { JsonValue } from "../formats/model-file.js";
import { isObject, plain } from "../keras/json.js";
import { lambdaName } from "../keras/saved-lambda.js";

/** Arguments of a saved optimizer, loss, metric or schedule, by Keras's snake_case names. */
export type Config = Readonly<Record<string, JsonValue>>;

/** A number of the config; the default where it is absent or no number. */
export function number(config: Config, key: string, otherwise: number): number {
  return numberOrNull(config, key) ?? otherwise;
}

/** A number of the config, also as text ("0.9", of a `default=str` in what wrote it), or null for anything else. */
export function numberOrNull(config: Config, key: string): number | null {
  const value = bare(Object.hasOwn(config, key) ? config[key] : undefined);
  return typeof value === "number" ? value : null;
}

/** A truth of the config, also as the text or the number that stands for it; the default for anything else. */
export function flag(config: Config, key: string, otherwise = false): boolean {
  const value = bare(Object.hasOwn(config, key) ? config[key] : undefined);
  if (value === 0 || value === 1) return value === 1;
  return typeof value === "boolean" ? value : otherwise;
}

/** What a text stands for that is a number or a truth in quotes; any other value as it is. */
export function bare(value: JsonValue | undefined): JsonValue | undefined {
  if (typeof value !== "string" || value.trim() === "") return value;
  const word = value.trim().toLowerCase();
  if (word === "true" || word === "false") return word === "true";
  return Number.isFinite(Number(word)) ? Number(word) : value;
}

export function text(config: Config, key: string, otherwise: string): string {
  const value = Object.hasOwn(config, key) ? config[key] : undefined;
  return typeof value === "string" ? value : otherwise;
}

/** A list of numbers, plain, as a tuple or as a saved tensor; a single number counts as a list of one; null where it is neither. */
export function numbers(config: Config, key: string): number[] | null {
  const value = Object.hasOwn(config, key) ? plain(config[key] ?? null) : null;
  if (typeof value === "number") return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === "number") : null;
}

/** A serialized object: a name, or a class with its config. */
export interface Serialized {
  /** Without its package: `MeanSquaredError`, `mse`, `Lookahead`. */
  readonly name: string;
  /** As saved: `Addons>Lookahead`. */
  readonly savedName: string;
  readonly config: Config;
  /** True for a class, false for a function or a bare name. */
  readonly isClass: boolean;
}

/**
 * Reads a name, a `{class_name, config}`, or a serialized function of any Keras major; null for anything else.
 * Sources: keras/saving/serialization_lib.py, tf_keras/saving/legacy/serialization.py.
 */
export function readSerialized(value: JsonValue | undefined): Serialized | null {
  if (typeof value === "string") return { ...named(value), config: {}, isClass: false };
  if (!isObject(value)) return null;
  const lambda = lambdaName(value);
  if (lambda !== null) return { ...named(lambda), config: {}, isClass: false };
  const className = value["class_name"];
  if (typeof className !== "string") return null;
  const config = value["config"];
  if (className === "function") return typeof config === "string" ? readSerialized(config) : null;
  const registered = value["registered_name"];
  const saved = typeof registered === "string" && registered.includes(">") ? registered : className;
  return { ...named(saved), config: isObject(config) ? config : {}, isClass: true };
}

function named(savedName: string): Pick<Serialized, "name" | "savedName"> {
  return { savedName, name: savedName.slice(savedName.lastIndexOf(">") + 1) };
}
