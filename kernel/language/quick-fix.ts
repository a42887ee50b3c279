import { isBuiltin } from "node:module";
import ts = require("typescript");
import type { CellFile, NotebookTypes } from "./notebook-types.js";

/** "Cannot find name" and "Cannot find name ... Did you mean ...?" */
const UNKNOWN_NAME = new Set([2304, 2552]);

/** Modules that TypeScript's fix does not find by the name that everybody gives them. */
const CUSTOMARY: ReadonlyMap<string, string> = new Map([["tf", "@tensorflow/tfjs"]]);

/** Offered for any unknown name that is called or assigned to: not what the writer meant, or said by the failure. */
const NO_FIX = new Set(["fixMissingFunctionDeclaration", "addMissingConst"]);

/** Places to import a name from, at most. */
const MAX_MODULES = 3;

/**
 * What TypeScript would do about a finding of a cell, in words; null if it has nothing. An import comes first: a
 * finding that has a near name says so itself.
 */
export function quickFix(types: NotebookTypes, cell: CellFile, diagnostic: ts.Diagnostic): string | null {
  const fixes = fixesOf(types, cell, diagnostic);
  const name = nameAt(cell, diagnostic);
  const modules = modulesIn(fixes, isAwaited(cell, diagnostic));
  if (modules.length > 0) return `Add import from ${listed(modules)}`;
  const whole = UNKNOWN_NAME.has(diagnostic.code) ? moduleNamed(name) : null;
  if (whole !== null) return `Add import * as ${name} from ${JSON.stringify(whole)}`;
  const other = fixes.find(({ fixName }) => fixName !== "import" && !NO_FIX.has(fixName));
  return other?.description ?? null;
}

/** Those that change nothing but the cell. */
function fixesOf(types: NotebookTypes, cell: CellFile, { start = 0, length = 0, code }: ts.Diagnostic) {
  try {
    const format = ts.getDefaultFormatCodeSettings();
    return types.service
      .getCodeFixesAtPosition(cell.path, start, start + length, [code], format, { quotePreference: "double" })
      .filter(({ changes }) => changes.length > 0 && changes.every(({ fileName }) => fileName === cell.path));
  } catch {
    return []; // A fix that fails is none; the finding stands.
  }
}

/**
 * Modules that an import would come from: Node's under their `node:` names alone, and no cells, whose names are known
 * without.
 */
function modulesIn(fixes: readonly ts.CodeFixAction[], awaited: boolean): string[] {
  const found = fixes.flatMap(({ fixName, description }) => {
    const module = /^Add import from "(.+)"$/.exec(description)?.[1];
    return fixName !== "import" || module === undefined || isHidden(module) ? [] : [module];
  });
  const modules = [...new Set(found)];
  const promising = (module: string) => module.endsWith("/promises");
  if (awaited && modules.some(promising)) return modules.filter(promising);
  return modules.slice(0, MAX_MODULES);
}

function isHidden(module: string): boolean {
  const isNodes = isBuiltin(module);
  return isNodes
    ? !module.startsWith("node:") || /\/(?:posix|win32)$/.test(module)
    : /^\.\/(?:Cell \[|Names of cells|Current cell)/.test(module);
}

/** `"a", "b" or "c"` */
function listed(modules: readonly string[]): string {
  const quoted = modules.map((module) => JSON.stringify(module));
  const last = quoted.pop()!;
  return quoted.length === 0 ? last : `${quoted.join(", ")} or ${last}`;
}

/** The module that goes by this name: `fs` is `node:fs`. */
function moduleNamed(name: string): string | null {
  return CUSTOMARY.get(name) ?? (isBuiltin(`node:${name}`) ? `node:${name}` : null);
}

function nameAt({ code, start: before }: CellFile, { start = 0, length = 0 }: ts.Diagnostic): string {
  return code.slice(start - before, start - before + length);
}

function isAwaited({ code, start: before }: CellFile, { start = 0 }: ts.Diagnostic): boolean {
  return /\bawait\s+$/.test(code.slice(0, start - before));
}
