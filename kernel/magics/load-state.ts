import type { LoadSession } from "../../src/index.js";
import type { CellEngine } from "../cells/cell-engine.js";
import { UsageError } from "./usage-error.js";

/** A load that a notebook began, and the variables that its model and its session go to. */
export interface NotebookLoad {
  readonly session: LoadSession;
  readonly variable: string;
  readonly sessionVariable: string;
}

/** The loads of each notebook by the variable of their model; the last one is what `%step` means. */
const loads = new WeakMap<CellEngine, Map<string, NotebookLoad>>();

/** Remembers a load. One that was under way for the same variable is given up. */
export function keepLoad(engine: CellEngine, load: NotebookLoad): void {
  const all = loads.get(engine) ?? new Map<string, NotebookLoad>();
  loads.set(engine, all);
  const replaced = all.get(load.variable);
  all.delete(load.variable);
  all.set(load.variable, load);
  replaced?.session.abort();
}

/**
 * The load of a variable, or the latest.
 * @throws UsageError when there is none
 */
export function currentLoad(engine: CellEngine, variable?: string): NotebookLoad {
  const all = loads.get(engine);
  const load = variable === undefined ? currentLoadOrNull(engine) : loadOfVariable(engine, variable);
  if (load) return load;
  if (!all || all.size === 0) throw new UsageError("No model is being loaded. %load_model PATH opens one.");
  throw new UsageError(`No model was loaded as ${variable}. There are ${[...all.keys()].join(", ")}.`);
}

/** Gives the notebook the session in its variable, and the model once it stands. */
export function bindLoad({ session, variable, sessionVariable }: NotebookLoad, { scope }: CellEngine): void {
  scope[sessionVariable] = session;
  const model = session.model ?? session.graph;
  if (!model) return;
  scope[variable] = model;
  bound.add(model);
}

/** Every model that a load has put into a variable. */
const bound = new WeakSet<object>();

/** While a load waits, the model of an earlier one does not predict in its place. */
export function unbindEarlier({ variable }: NotebookLoad, { scope }: CellEngine): void {
  const value = scope[variable];
  if (typeof value === "object" && value !== null && bound.has(value)) scope[variable] = undefined;
}

/** The load of a session by its id; null when there is none, or another took its variable. */
export function loadOfSession(engine: CellEngine, id: string): NotebookLoad | null {
  return loadsOf(engine).find(({ session }) => session.id === id) ?? null;
}

/** The latest load of each variable, in the order in which they began. */
export function loadsOf(engine: CellEngine): readonly NotebookLoad[] {
  return [...(loads.get(engine)?.values() ?? [])];
}

/** The load of a variable, however many began after it. */
export function loadOfVariable(engine: CellEngine, variable: string): NotebookLoad | null {
  return loads.get(engine)?.get(variable) ?? null;
}

export function currentLoadOrNull(engine: CellEngine): NotebookLoad | null {
  return loadsOf(engine).at(-1) ?? null;
}
