import path from "node:path";
import type { CellEngine, CellSource } from "./cell-engine.js";
import { rememberAwait } from "./errors/awaited-place.js";
import { forgetThrown, rememberThrown, thrownPlace } from "./errors/thrown-place.js";
import { createCellRuntime } from "./cell-runtime.js";
import { compileCell } from "./compile/compile-cell.js";
import { evaluateScript } from "./compile/evaluate-script.js";
import { debugHook } from "./debug-hook.js";
import { rememberSource } from "./compile/compiled-sources.js";
import type { Interruption } from "./interruption.js";
import { ModuleLoader, type ModuleOverrides } from "./modules/module-loader.js";
import { projectOptions } from "./modules/project-options.js";
import { Results } from "./values/results.js";
import { Scope } from "./scope.js";

export interface CellEngineOptions {
  /** Folder of the notebook: imports and `require` start here. */
  readonly folder: string;
  /** Specifiers that resolve to the kernel's own copy; by default those of its own packages. */
  readonly overrides?: ModuleOverrides;
  /** Names that cells find declared and may declare anew (`display`, `tf`, ...). */
  readonly predeclared?: Readonly<Record<string, unknown>>;
  /** Asked around each `await` of a cell; if left out, nothing ends one. */
  readonly interruption?: Interruption;
  /** File name under which V8 knows a cell; breakpoints are set on it. */
  readonly cellPath?: (cell: CellSource) => string;
}

/** Names of the latest results, as in IPython; a cell that declares one takes it over. */
const LATEST = ["_", "__", "___"];

type CellFunction = (...parameters: unknown[]) => Promise<[unknown] | undefined>;

/** Compiles cells of TypeScript and runs them over one scope in this process. */
export function createCellEngine(options: CellEngineOptions): CellEngine {
  const scope = new Scope();
  const loader = new ModuleLoader(options.overrides);
  const importer = loader.importer(path.join(options.folder, "notebook.ts"));
  const modules = { auto: false, reload: () => loader.local.reload() };
  const cellPath = options.cellPath ?? ((cell) => defaultPath(options.folder, cell));

  scope.predeclare("require", importer.require);
  for (const [name, value] of Object.entries(options.predeclared ?? {})) scope.predeclare(name, value);

  const past = new Results();
  const results = {
    kept: () => past.kept(),
    add(executionCount: number, value: unknown) {
      past.add(executionCount, value);
      for (const [index, name] of LATEST.entries())
        if (scope.isPredeclared(name)) scope.predeclare(name, past.latest(index));
    },
  };
  for (const name of LATEST) scope.predeclare(name, undefined);
  scope.predeclare("Out", past.view);

  const run = async (cell: CellSource) => {
    if (modules.auto) await modules.reload();
    const compiled = compileCell(
      cell.code,
      cell.executionCount,
      cell.lineOffset ?? 0,
      scope,
      projectOptions(options.folder),
    );
    const file = cellPath(cell);
    const source = {
      path: file,
      title: titleOf(cell),
      executionCount: cell.executionCount,
      ...(cell.expression !== undefined && { expression: cell.expression }),
      code: cell.code,
      mappings: compiled.mappings,
      lineOffset: cell.lineOffset ?? 0,
      declared: compiled.declared,
    };
    rememberSource(source);
    const body = evaluateScript(compiled.text, file, cell.executionCount) as CellFunction;
    if (cell.expression === undefined) debugHook.current?.compiled(source);
    for (const name of compiled.declared) scope.claim(name, compiled.namespaces.has(name));
    for (const name of compiled.captured) scope.capture(name);
    forgetThrown();
    const runtime = createCellRuntime(importer, options.interruption, (value, place) =>
      rememberThrown(value, source, place),
    );
    try {
      const result = await body(runtime, ...compiled.boxes.map((name) => scope.box(name)));
      return asResult(result?.[0]);
    } catch (error) {
      for (const name of compiled.declared) scope.fail(name);
      if (runtime.waitsAt) rememberAwait(error, source, runtime.waitsAt);
      if (runtime.waitsAt && !thrownPlace(error)) rememberThrown(error, source, runtime.waitsAt);
      throw error;
    }
  };

  return { scope: scope.view, unset: () => scope.unset(), modules, results, run };
}

function titleOf({ executionCount, expression }: CellSource): string {
  return `Cell [${executionCount}]${expression === undefined ? "" : `, user expression ${expression}`}`;
}

/** One path for each piece of code between the magics of a cell, and for each expression evaluated after it. */
function defaultPath(folder: string, { executionCount, lineOffset, expression }: CellSource): string {
  const piece = lineOffset ? `+${lineOffset}` : "";
  const part = expression === undefined ? "" : ` expression ${expression.replace(/\W+/g, "_").slice(0, 50)}`;
  return path.join(folder, `Cell [${executionCount}]${piece}${part}.ts`);
}

function asResult(value: unknown) {
  return { hasValue: value !== undefined, value };
}
