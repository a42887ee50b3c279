import { tmpdir } from "node:os";
import type { Magic } from "../magics/magic.js";
import { Completer } from "./complete.js";
import type { FirstNames, Kinds } from "./first-answers.js";
import type { Completion } from "./messages.js";
import { NotebookTypes } from "./notebook-types.js";
import { OLDEST_LIBRARIES } from "./standard-libraries.js";

/** Written values, by the name of the type that a variable with such a value is said to have. */
const VALUES: Readonly<Record<string, string>> = {
  string: "''",
  number: "(0)",
  boolean: "true",
  bigint: "1n",
  Array: "[0]",
  Promise: "Promise.resolve(0)",
  Map: "new Map<number, number>()",
  Set: "new Set<number>()",
  RegExp: "/a/",
  Date: "new Date()",
  URL: "new URL('')",
  Uint8Array: "new Uint8Array(0)",
  Float32Array: "new Float32Array(0)",
  Float64Array: "new Float64Array(0)",
  Error: "new Error()",
  Buffer: "Buffer.from('')",
};

/** Asks TypeScript, in a notebook without cells, for the names that are to be known before it is loaded. */
export function firstNames(magics: ReadonlyMap<string, Magic>): FirstNames {
  const completer = new Completer(new NotebookTypes(tmpdir(), magics, OLDEST_LIBRARIES));
  const offered = (code: string) => completer.complete(code, code.length).items;
  const globals = offered("");
  const members: Record<string, Kinds> = {};
  for (const { text, type } of globals) if (type !== "keyword") members[text] = byKind(offered(`${text}.`));
  const instances = Object.entries(VALUES).map(
    ([type, code]) => [type, byKind(offered(`${code}.`))] as const,
  );
  return {
    globals: byKind(globals),
    members: Object.fromEntries(Object.entries(members).filter(([, kinds]) => Object.keys(kinds).length > 0)),
    instances: Object.fromEntries(instances),
    magics: [...magics.values()].map(({ name, kinds, arguments: all }) => ({
      name,
      kinds,
      arguments: all.map(({ name, type, choices }) => ({ name, type, ...(choices && { choices }) })),
    })),
  };
}

function byKind(items: readonly Completion[]): Kinds {
  const kinds: Record<string, string> = {};
  for (const { text, type } of items)
    kinds[type] = kinds[type] === undefined ? text : `${kinds[type]} ${text}`;
  return kinds;
}
