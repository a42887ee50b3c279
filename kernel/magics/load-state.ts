import type { LoadSession } from "../../src/index.js";
import type { CellEngine } from "../cells/cell-engine.js";
import { UsageError } from "./usage-error.js";

/** A load that a notebook began, and the variable that its model goes to. */
export interface NotebookLoad {
  readonly session: LoadSession;
  readonly variable: string;
}

/** The latest load of each notebook: what `%step` means. */
const loads = new WeakMap<CellEngine, NotebookLoad>();

export function keepLoad(engine: CellEngine, load: NotebookLoad): void {
  loads.set(engine, load);
}

/** @throws UsageError when nothing was opened yet */
export function currentLoad(engine: CellEngine): NotebookLoad {
  const load = loads.get(engine);
  if (!load) throw new UsageError("No model is being loaded. %load_model PATH opens one.");
  return load;
}

export function currentLoadOrNull(engine: CellEngine): NotebookLoad | null {
  return loads.get(engine) ?? null;
}
