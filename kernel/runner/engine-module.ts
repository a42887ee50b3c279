import type { CellEngine } from "../cells/cell-engine.js";
import type { Interruption } from "../cells/interruption.js";
import type { LiveValue } from "../cells/values/live-type.js";
import type { Bundle, CellFailure } from "./messages.js";

/** What a module gives that runs cells: `kernel/cells` for TypeScript, a small one in the tests. */
export interface EngineModule {
  createCellEngine(options: {
    /** Folder of the notebook. */
    readonly folder: string;
    /** Names that cells find declared. */
    readonly predeclared: Readonly<Record<string, unknown>>;
    readonly interruption: Interruption;
  }): CellEngine;
  /** A value as front ends show it; a promise only where the value takes its time. */
  formatValue(value: unknown): Bundle | Promise<Bundle>;
  /** A piece of code as the debugger can evaluate it (cells/rewrite-expression.ts). */
  rewriteExpression?(text: string, isNotebookName: (name: string) => boolean, scope: string): string;
  /** Whether the code catches what is thrown at a place of it (cells/guarded-place.ts). */
  isGuarded?(text: string, line: number, column: number): boolean;
  mayYield?(text: string, line: number, column: number, calls: boolean): boolean;
  /** What a variable holds, as a TypeScript type; null where there is nothing to say. */
  liveValue(value: unknown): LiveValue | null;
  /** Anything that was thrown, with a traceback that counts as the user does. */
  describeError(error: unknown, scope?: Readonly<Record<string, unknown>>): CellFailure;
}
