import type { CellEngine } from "../cells/cell-engine.js";
import type { Bundle, CellFailure } from "./messages.js";

/** What a module gives that runs cells: `kernel/cells` for TypeScript, a small one in the tests. */
export interface EngineModule {
  createCellEngine(options: {
    /** Folder of the notebook. */
    readonly folder: string;
    /** Names that cells find declared. */
    readonly predeclared: Readonly<Record<string, unknown>>;
  }): CellEngine;
  /** A value as front ends show it; a promise only where the value takes its time. */
  formatValue(value: unknown): Bundle | Promise<Bundle>;
  /** Anything that was thrown, with a traceback that counts as the user does. */
  describeError(error: unknown): CellFailure;
}
