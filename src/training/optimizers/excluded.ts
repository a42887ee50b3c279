import type { JsonValue } from "../../formats/model-file.js";

/** Whether the variable at this path, `dense/kernel`, is left out. */
export type Excludes = (path: string) => boolean;

/**
 * Patterns of names that Addons' optimizers leave out of weight decay or of adaptation. A file's pattern is read, not
 * run: words with `^`, `$`, `.`, `.*` and alternatives; null for another, which would leave out who knows what.
 */
export function excludes(patterns: JsonValue | undefined): Excludes | null {
  if (patterns === undefined || patterns === null) return () => false;
  if (!Array.isArray(patterns)) return null;
  const parts = patterns.flatMap((each) => (typeof each === "string" ? each.split("|") : [null]));
  if (!parts.every((part) => part !== null && /^\^?[\w/:.-]*(?:\.\*[\w/:.-]*)?\$?$/.test(part))) return null;
  const tests = parts.map((part) => new RegExp(part!));
  return (path) => tests.some((test) => test.test(`${path}:0`));
}
