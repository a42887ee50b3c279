import type { CellEngine } from "../../cells/cell-engine.js";
import type { EngineModule } from "../../runner/engine-module.js";
import { DebugHooks, type DebugNotice } from "./hooks.js";
import { DebugTarget } from "./target.js";

/**
 * Puts what the debugger calls where its inspector finds it (inspector.ts), and hooks into compiling.
 * @param words shared with the control thread.
 * @param post to the control thread.
 */
export function installDebugTarget(
  engine: CellEngine,
  language: EngineModule,
  words: Int32Array,
  post: (notice: DebugNotice) => void,
): DebugHooks {
  const hooks = new DebugHooks(words, post);
  const debugLanguage = {
    rewriteExpression: (text: string) => text,
    isGuarded: () => false,
    mayYield: () => false,
    ...language,
  };
  Object.defineProperty(globalThis, "loadlab.debugger", {
    value: new DebugTarget(engine, debugLanguage, hooks),
  });
  return hooks;
}
