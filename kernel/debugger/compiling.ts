import { setFlagsFromString } from "node:v8";

/**
 * V8 of Node 22, in a loop of a function with a breakpoint, tries at each turn to replace the running code by faster
 * code, may not, and looks at nothing else: no interrupt and no pause would get through.
 */
const LOOPS_STARVE = process.versions.v8.startsWith("12.");

/** How V8 compiles code from now on: so that it runs fast, or so that a debugger can look into it. */
export function compileFor(what: "speed" | "debugger"): void {
  const no = what === "debugger" ? "--no-" : "--";
  // A variable may be read where another one with the same value lies: what a debugger sets in one of them is lost.
  setFlagsFromString(`${no}ignition-reo`);
  if (LOOPS_STARVE) setFlagsFromString(`${no}use-osr`);
}
