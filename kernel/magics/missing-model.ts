import { fileName } from "../../src/notation.js";
import type { CellEngine } from "../cells/cell-engine.js";
import { currentLoadOrNull, loadsOf } from "./load-state.js";

/**
 * Why a variable that a cell needs is empty, where it is that of a load that has given no model; empty where nothing
 * is to be said.
 * @param failure what the cell ended with; undefined where it only gave no value
 */
export function missingModel(code: string, failure: unknown, engine: CellEngine): string {
  if (failure !== undefined && !isOfNothing(failure)) return "";
  const other = namedAsItsFile(failure, engine);
  if (other !== "") return other;
  const named = (variable: string) =>
    failure === undefined ? code.trim().replace(/;$/, "") === variable : mentions(code, variable);
  const load = loadsOf(engine).find(
    ({ variable }) => engine.scope[variable] === undefined && named(variable),
  );
  if (!load) return "";
  const { variable, session } = load;
  if (session.state === "aborted") return `There is no ${variable}: its load was given up.\n`;
  if (session.state !== "waiting" && session.state !== "paused") return "";
  const of = load === currentLoadOrNull(engine) ? "" : ` --of ${variable}`;
  const does = session.state === "waiting" ? "waits for a decision" : "pauses at a step";
  return `There is no ${variable} yet: its load ${does}. %step${of} show shows the card.\n`;
}

/** `digits is not defined`, where digits.keras is loaded as `model`. */
function namedAsItsFile(failure: unknown, engine: CellEngine): string {
  const name = /^(\S+) is not defined$/.exec(failure instanceof Error ? failure.message : "")?.[1];
  const load = loadsOf(engine).find(
    ({ session }) => session.model && stemOf(session.report().file.path) === name,
  );
  return load
    ? `The model of ${fileName(load.session.report().file.path)} is in the variable ${load.variable}.\n`
    : "";
}

function stemOf(path: string): string {
  return fileName(path).replace(/\..*$/, "").replace(/\W/g, "_");
}

/** `hgq is not defined`, or a member of undefined. */
function isOfNothing(failure: unknown): boolean {
  if (!(failure instanceof Error)) return false;
  return failure.name === "ReferenceError" || /^Cannot read properties of undefined/.test(failure.message);
}

function mentions(code: string, variable: string): boolean {
  return code.split(/[^\p{ID_Continue}$]+/u).includes(variable);
}
