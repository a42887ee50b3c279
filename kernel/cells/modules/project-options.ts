import fs from "node:fs";
import path from "node:path";
import ts = require("typescript");
import { parse as parseCell, parseErrors } from "../compile/emit-javascript.js";

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

interface ProjectFile {
  readonly modified: number;
  readonly options: ts.CompilerOptions;
  /** What holds for folders below that of the file. */
  readonly inherited: ts.CompilerOptions;
}

/** Read again when the file changes. What it extends is taken as it was then. */
const read = new Map<string, ProjectFile>();

const NO_OPTIONS: ts.CompilerOptions = {};

/**
 * The options of the tsconfig.json that holds for a folder: its own, or the part of one further up that modules
 * depend on. Empty without one; what is wrong in it is left out.
 */
export function projectOptions(folder: string): ts.CompilerOptions {
  for (let place = folder, above = ""; place !== above; above = place, place = path.dirname(place)) {
    const project = projectFile(path.join(place, "tsconfig.json"));
    if (project) return place === folder ? project.options : project.inherited;
  }
  return NO_OPTIONS;
}

/** Null if there is none. */
function projectFile(file: string): ProjectFile | null {
  const stats = fs.statSync(file, { throwIfNoEntry: false });
  if (!stats?.isFile()) return null;
  let project = read.get(file);
  if (project?.modified !== stats.mtimeMs) {
    project = parse(file, stats.mtimeMs);
    read.set(file, project);
  }
  return project;
}

function parse(file: string, modified: number): ProjectFile {
  const { config } = ts.readConfigFile(file, (name) => ts.sys.readFile(name)) as { config?: object };
  const sources = { ...config, files: [], include: [] };
  const { options } = ts.parseJsonConfigFileContent(sources, ts.sys, path.dirname(file), undefined, file);
  const inherited = INHERITED.filter((name) => name in options).map((name) => [name, options[name]]);
  return { modified, options, inherited: Object.fromEntries(inherited) };
}

const emitted = new WeakMap<ts.CompilerOptions, ts.CompilerOptions>();

/** What of these options changes the JavaScript that is made. */
export function emitOptions(options: ts.CompilerOptions): ts.CompilerOptions {
  let chosen = emitted.get(options);
  if (!chosen) emitted.set(options, (chosen = chooseEmitOptions(options)));
  return chosen;
}

function chooseEmitOptions(options: ts.CompilerOptions): ts.CompilerOptions {
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

/** How an element ends. */
const ELEMENT_END = /<\/|\/>/;

/**
 * Whether a cell is read as TSX: by `jsx` in the tsconfig, by a comment such as `@jsxImportSource preact` in the cell,
 * or because it makes more sense so. Not always, for `<T>value` would not parse.
 */
export function hasJsx(code: string, options: ts.CompilerOptions): boolean {
  if ((options.jsx ?? ts.JsxEmit.None) !== ts.JsxEmit.None || jsxPragmas(code) !== "") return true;
  if (!ELEMENT_END.test(code)) return false;
  const errors = (kind: ts.ScriptKind) => parseErrors(parseCell(code, kind)).length;
  const asTypeScript = errors(ts.ScriptKind.TS);
  return asTypeScript > 0 && errors(ts.ScriptKind.TSX) <= asTypeScript;
}

/** Comments that say how JSX is meant. The compiler heeds them only at the very beginning of a file. */
export function jsxPragmas(code: string): string {
  return (code.match(PRAGMA) ?? []).map((comment) => comment.trim().replaceAll("\n", " ")).join("");
}
