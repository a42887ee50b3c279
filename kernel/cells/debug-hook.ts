import type { CompiledSource } from "./compile/compiled-sources.js";

/** A debugger in the process that runs the cells. */
export interface DebugHook {
  /** Whether variables must be where the debugger looks for them: no loop keeps them in locals. */
  readonly on: boolean;
  /** Called when V8 has compiled a source, before it runs. */
  compiled(source: CompiledSource): void;
}

/** None, until the process sets one. */
export const debugHook: { current: DebugHook | null } = { current: null };
