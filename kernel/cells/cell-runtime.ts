import { nearestNames } from "../../src/names/nearest-names.js";
import { interruptibleSteps, NEVER } from "./interruption.js";
import type { Importer, ImportOptions } from "./modules/module-loader.js";
import type { ModuleNamespace } from "./modules/module-namespace.js";
import { readMessage } from "./errors/stack-frames.js";
import { declare, declareConstant, declareGetter, isConstant, undeclare, type Box } from "./scope.js";

/** What the code of a compiled cell calls (rewrite-cell.ts writes these calls). */
export interface CellRuntime {
  let(box: Box, name: string, value: unknown): void;
  const(box: Box, name: string, value: unknown): void;
  /** A hoisted `var`: keeps the value of an earlier variable. */
  var(box: Box, name: string): void;
  /** Makes names writable before a destructuring assigns them; gives back the value to take apart. */
  open(value: unknown, ...pairs: (Box | string)[]): unknown;
  /** Makes destructured names constant. */
  seal(...pairs: (Box | string)[]): void;
  bind(box: Box, name: string, module: ModuleNamespace, exported: string, specifier: string): void;
  /** Reads and writes a name that may be undeclared or constant. */
  ref(box: Box, name: string): { value: unknown };
  /** @throws ReferenceError always: a `let`, `const` or `class` of this cell before its declaration. */
  early(name: string): never;
  /**
   * `resumed(awaits(), await x)` is `x`, unless the cell was interrupted meanwhile. Outside of functions the first is
   * given its place in the user's text (from 0), the second `true`.
   */
  awaits(line?: number, column?: number): number;
  resumed<T>(mark: number, value: T, isCell?: boolean): T;
  /** Where the cell itself waits: an error that comes out of there may know nothing of it. */
  waitsAt: { readonly line: number; readonly column: number } | null;
  /** Called with each value that the cell throws and that may have no stack, and its place in the user's text (from 0). */
  thrown(value: unknown, line: number, column: number): unknown;
  /** Of a `for await` loop. */
  steps<T>(values: AsyncIterable<T> | Iterable<T>): AsyncIterable<T> | Iterable<T>;
  /** Called with each error that the cell catches. */
  caught(error: unknown): unknown;
  import(specifier: unknown, options?: unknown): Promise<ModuleNamespace>;
  readonly meta: ImportMeta;
}

/** @param thrown told where a value was thrown that is no object. */
export function createCellRuntime(
  importer: Importer,
  interruption = NEVER,
  thrown: (value: unknown, place: NonNullable<CellRuntime["waitsAt"]>) => void,
): CellRuntime {
  const runtime: CellRuntime = {
    let: declare,
    const: declareConstant,
    var(box, name) {
      if (isConstant(box, name)) declare(box, name, undefined);
      else if (!Object.hasOwn(box, name)) box[name] = undefined;
    },
    open(value, ...pairs) {
      for (const [box, name] of pairsOf(pairs)) if (isConstant(box, name)) undeclare(box, name);
      return value;
    },
    seal(...pairs) {
      for (const [box, name] of pairsOf(pairs)) declareConstant(box, name, box[name]);
    },
    bind,
    ref: (box, name) => ({
      get value() {
        return Object.hasOwn(box, name) ? box[name] : globalValue(name);
      },
      set value(value) {
        if (isConstant(box, name)) throw new TypeError("Assignment to constant variable.");
        if (Object.hasOwn(box, name)) box[name] = value;
        else {
          globalValue(name);
          (globalThis as Record<string, unknown>)[name] = value;
        }
      },
    }),
    early(name) {
      throw new ReferenceError(`Cannot access '${name}' before initialization`);
    },
    waitsAt: null,
    awaits(line, column) {
      if (line !== undefined && column !== undefined) runtime.waitsAt = { line, column };
      return interruption.awaits();
    },
    resumed(mark, value, isCell = false) {
      interruption.resumed(mark);
      if (isCell) runtime.waitsAt = null;
      return value;
    },
    thrown(value, line, column) {
      if (!isObject(value)) thrown(value, { line, column });
      return value;
    },
    steps: (values) => interruptibleSteps(values, interruption),
    caught(error) {
      readMessage(error);
      return error;
    },
    import: (specifier, options) => importer.import(String(specifier), options as ImportOptions),
    meta: importer.meta,
  };
  return runtime;
}

function isObject(value: unknown): boolean {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

function* pairsOf(pairs: readonly (Box | string)[]): Generator<[Box, string]> {
  for (let at = 0; at < pairs.length; at += 2) yield [pairs[at] as Box, pairs[at + 1] as string];
}

function globalValue(name: string): unknown {
  if (!(name in globalThis)) throw new ReferenceError(`${name} is not defined`);
  return (globalThis as Record<string, unknown>)[name];
}

/** Binds an imported name so that it follows the module's live export. */
function bind(box: Box, name: string, module: ModuleNamespace, exported: string, specifier: string): void {
  if (exported === "*") declareConstant(box, name, module);
  else if (exported in module) declareGetter(box, name, () => module[exported]);
  else
    declareGetter(box, name, () => {
      // Only reading it is an error: the name may be a type, which leaves nothing in JavaScript.
      if (exported in module) return module[exported];
      throw new ReferenceError(
        `'${specifier}' has no export '${exported}'.${meant(exported, module)} It exports ${exportList(module)}. ` +
          `If '${exported}' is a type, it has no value.`,
      );
    });
}

function meant(exported: string, module: ModuleNamespace): string {
  const [near] = nearestNames(exported, Object.keys(module), 1);
  return near === undefined ? "" : ` Did you mean '${near}'?`;
}

function exportList(module: ModuleNamespace): string {
  const names = Object.keys(module);
  if (names.length === 0) return "nothing";
  const shown = names.slice(0, 8).join(", ");
  return names.length > 8 ? `${shown} and ${names.length - 8} more` : shown;
}
