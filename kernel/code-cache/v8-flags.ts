import v8 from "node:v8";
import type { Part } from "./typescript-code.js";

/** A heap has all of its young generation as soon as it needs more of it: cells and type checkers allocate at once. */
const YOUNG_GENERATION = "--semi-space-growth-factor=16";

/** What V8 is told in the process of the cells and in that of the language worker, for memory's sake. */
export const V8_FLAGS: Readonly<Record<Part, readonly string[]>> = {
  // Each cell is a script of its own that never comes again; V8's cache of scripts keeps some 2 kB of each for long.
  cells: [YOUNG_GENERATION, "--no-compilation-cache"],
  // The language service lets go of a whole type checker at nearly each question, and V8 by itself would let the heap
  // grow to several times what is alive.
  language: [YOUNG_GENERATION, "--heap-growing-percent=30"],
};

/**
 * Before TypeScript is loaded: V8 takes only code that was made under the same flags. They are no options of the
 * command line, for with those Node compiles its own modules anew at each start.
 */
export function setV8Flags(part: Part): void {
  for (const flag of V8_FLAGS[part]) v8.setFlagsFromString(flag);
}
