/**
 * The least engine that runs cells: plain JavaScript in the runner's global scope. It tests what lies around an
 * engine (processes, channels, interrupts) without the TypeScript one.
 */
import { inspect } from "node:util";
import vm from "node:vm";
import type { CellEngine } from "../../kernel/cells/cell-engine.js";
import type { Bundle } from "../../kernel/runner/messages.js";
import type { EngineModule } from "../../kernel/runner/engine-module.js";

export const createCellEngine: EngineModule["createCellEngine"] = ({ predeclared }) => {
  Object.assign(globalThis, predeclared);
  process.removeAllListeners("warning"); // dynamic import in scripts is experimental, and Node says so
  return {
    scope: globalThis as unknown as Record<string, unknown>,
    unset: () => [],
    results: { add: () => undefined, kept: () => ({ count: 0, bytes: 0 }) },
    modules: { auto: false, reload: async () => [] },
    async run({ code, executionCount }) {
      const filename = `Cell [${executionCount}]`;
      const importModuleDynamically = vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
      const text = /\bawait\b/.test(code) ? `(async () => {${code}\n})()` : code;
      const value: unknown = await vm.runInThisContext(text, { filename, importModuleDynamically });
      return { hasValue: value !== undefined, value };
    },
  } satisfies CellEngine;
};

export const formatValue: EngineModule["formatValue"] = (value) => {
  if (isLater(value)) return value.later;
  const data = isBundle(value)
    ? value.mime
    : { "text/plain": typeof value === "string" ? value : inspect(value) };
  return { data, metadata: {} };
};

export const liveValue: EngineModule["liveValue"] = () => null;

export const describeError: EngineModule["describeError"] = (error) => {
  const { name, message, stack } =
    error instanceof Error || isErrorLike(error) ? error : new Error(String(error));
  return { ename: name, evalue: message, traceback: (stack ?? `${name}: ${message}`).split("\n") };
};

/** Shown when the promise brings a bundle. */
function isLater(value: unknown): value is { later: Promise<Bundle> } {
  return typeof value === "object" && value !== null && "later" in value;
}

function isBundle(value: unknown): value is { mime: Record<string, unknown> } {
  return typeof value === "object" && value !== null && "mime" in value;
}

function isErrorLike(error: unknown): error is Error {
  return typeof error === "object" && error !== null && "message" in error && "name" in error;
}
