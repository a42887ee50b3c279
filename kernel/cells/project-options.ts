import fs from "node:fs";
import path from "node:path";
import ts = require("typescript");

/** Of a tsconfig further up, only what decides how modules are found and read; its strictness is the project's. */
const INHERITED = [
  "paths",
  "pathsBasePath",
  "baseUrl",
  "jsx",
  "jsxFactory",
  "jsxFragmentFactory",
  "jsxImportSource",
  "experimentalDecorators",
  "emitDecoratorMetadata",
  "useDefineForClassFields",
  "customConditions",
] as const;

/** Read again when the file changes. What it extends is taken as it was then. */
const read = new Map<string, { readonly modified: number; readonly options: ts.CompilerOptions }>();

/**
 * The options of the tsconfig.json that holds for a folder: its own, or the part of one further up that modules
 * depend on. Empty without one; what is wrong in it is left out.
 */
export function projectOptions(folder: string): ts.CompilerOptions {
  const file = ts.findConfigFile(folder, (name) => ts.sys.fileExists(name));
  if (!file) return {};
  const modified = fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const known = read.get(file);
  const options = known?.modified === modified ? known.options : parse(file);
  read.set(file, { modified, options });
  if (path.dirname(file) === folder) return options;
  return Object.fromEntries(INHERITED.filter((name) => name in options).map((name) => [name, options[name]]));
}

function parse(file: string): ts.CompilerOptions {
  const { config } = ts.readConfigFile(file, (name) => ts.sys.readFile(name)) as { config?: object };
  const sources = { ...config, files: [], include: [] };
  return ts.parseJsonConfigFileContent(sources, ts.sys, path.dirname(file), undefined, file).options;
}

/** What of these options changes the JavaScript that is made. */
export function emitOptions(options: ts.CompilerOptions): ts.CompilerOptions {
  const { jsx, jsxFactory, jsxFragmentFactory, jsxImportSource } = options;
  const { experimentalDecorators, emitDecoratorMetadata, useDefineForClassFields } = options;
  const chosen = {
    // Node runs no JSX that is preserved.
    jsx: jsx === ts.JsxEmit.React ? jsx : ts.JsxEmit.ReactJSX,
    ...{ jsxFactory, jsxFragmentFactory, jsxImportSource },
    ...{ experimentalDecorators, emitDecoratorMetadata, useDefineForClassFields },
  };
  return Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined));
}

const PRAGMA = /^[ \t]*\/\*\*?[^*]*@jsx(?:ImportSource|Runtime|Frag)?\b[^*]*\*\//gm;

/**
 * Whether a cell is read as TSX: by `jsx` in the tsconfig, or by a comment such as `@jsxImportSource preact` in the cell.
 * Not always, for `<T>value` would not parse.
 */
export function hasJsx(code: string, options: ts.CompilerOptions): boolean {
  return (options.jsx ?? ts.JsxEmit.None) !== ts.JsxEmit.None || jsxPragmas(code) !== "";
}

/** Comments that say how JSX is meant. The compiler heeds them only at the very beginning of a file. */
export function jsxPragmas(code: string): string {
  return (code.match(PRAGMA) ?? []).map((comment) => comment.trim().replaceAll("\n", " ")).join("");
}
