import type { Problem } from "../problem.js";
import { ARGUMENTS } from "./arguments.js";
import { CLASSES } from "./classes.js";
import { filled, type TaxonomyEntry } from "./entry.js";
import { FILE } from "./file.js";
import { GRAPH } from "./graph.js";
import { TRAINING } from "./training.js";
import { WEIGHTS } from "./weights.js";

/** Every code, in the order of the steps of a load. */
export const TAXONOMY: ReadonlyMap<string, TaxonomyEntry> = new Map(
  [...FILE, ...CLASSES, ...ARGUMENTS, ...GRAPH, ...WEIGHTS, ...TRAINING].map((entry) => [entry.code, entry]),
);

/**
 * What Keras says of a code, with the names of the case in place of the general ones.
 * @param found title, detail and path, a line each: only what is said of that; all of it unless given
 */
export function kerasSays(
  code: string,
  names: Readonly<Record<string, string>> = {},
  found?: string,
): Problem["kerasSays"] {
  return (TAXONOMY.get(code)?.keras ?? [])
    .filter(({ of }) => !of || found === undefined || of.test(found))
    .map(({ version, message }) => ({ version, message: filled(message, names) }));
}

/** Why it happens, by code and, where the code has several reasons, by what was found. */
export function whyOf(code: string, found = ""): string {
  const entry = TAXONOMY.get(code);
  return entry?.whys?.find(({ of }) => of.test(found))?.why ?? entry?.why ?? "";
}

/** The code's title, where a problem has none of its own. */
export function titleOf(code: string): string {
  return TAXONOMY.get(code)?.title ?? code;
}
