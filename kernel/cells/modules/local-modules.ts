import fs from "node:fs";
import path from "node:path";
import ts = require("typescript");
import { debugHook } from "../debug-hook.js";
import { rememberSource } from "../compile/compiled-sources.js";
import { evaluateScript } from "../compile/evaluate-script.js";
import { emitJavaScript, parse } from "../compile/emit-javascript.js";
import { CellSyntaxError } from "../errors/cell-syntax-error.js";
import { syntaxAdvice } from "../errors/syntax-advice.js";
import type { Importer, ImportOptions } from "./module-loader.js";
import { createNamespace, type ModuleNamespace } from "./module-namespace.js";
import { emitOptions, projectOptions } from "./project-options.js";
import { rewriteModule } from "../compile/rewrite-module.js";
import { lineOf, lineStarts, originalPosition } from "../compile/source-map.js";
import { strayReturn } from "../compile/stray-return.js";

interface LocalModule {
  readonly file: string;
  /** Stays the same object when the file is loaded again, so that everyone who imported it sees the new code. */
  readonly namespace: ModuleNamespace;
  /** Time of the last change of the file when it was read, in milliseconds. */
  modified: number;
  done: Promise<void>;
  finished: boolean;
  /** The module whose loading this one waits for. */
  waitsFor: LocalModule | null;
}

/** ES modules in local files (TypeScript and JavaScript), compiled here so that they may import each other. */
export class LocalModules {
  readonly #modules = new Map<string, LocalModule>();

  constructor(readonly importerOf: (file: string) => Importer) {}

  /** Whether a file is loaded here; CommonJS and packages are left to Node. */
  takes(file: string): boolean {
    if (/\.(?:tsx?|mts|cts|jsx)$/.test(file)) return true;
    if (file.includes(`${path.sep}node_modules${path.sep}`)) return false;
    return /\.mjs$/.test(file) || (/\.js$/.test(file) && isModuleText(fs.readFileSync(file, "utf8")));
  }

  /** @param importer the file that asks, to let modules import each other in a circle. */
  async import(file: string, importer: string): Promise<ModuleNamespace> {
    const module = this.#modules.get(file) ?? this.#start(file);
    const waiting = this.#modules.get(importer);
    if (module.finished || (waiting && isWaitedFor(module, waiting))) return module.namespace;
    if (waiting && !waiting.finished) waiting.waitsFor = module;
    try {
      await module.done;
    } finally {
      if (waiting) waiting.waitsFor = null;
    }
    return module.namespace;
  }

  /**
   * Loads again what has changed on disk, and what imports it.
   * @returns the files that were loaded anew.
   */
  async reload(): Promise<string[]> {
    const changed = [...this.#modules.values()].filter(({ file, modified }) => modifiedAt(file) !== modified);
    for (const module of changed) {
      module.finished = false;
      module.done = this.#evaluate(module);
      await module.done;
    }
    return changed.map(({ file }) => file);
  }

  #start(file: string): LocalModule {
    const module: LocalModule = {
      file,
      namespace: createNamespace(),
      modified: 0,
      done: Promise.resolve(),
      finished: false,
      waitsFor: null,
    };
    this.#modules.set(file, module);
    module.done = this.#evaluate(module);
    // A module that failed is tried again by the next import.
    module.done.catch(() => this.#modules.delete(file));
    return module;
  }

  async #evaluate(module: LocalModule): Promise<void> {
    const { file, namespace } = module;
    module.modified = modifiedAt(file);
    const body = compile(file, fs.readFileSync(file, "utf8"));
    const { import: load, meta } = this.importerOf(file);
    for (const name of Object.keys(namespace)) Reflect.deleteProperty(namespace, name);
    const define = (name: string, get: () => unknown) =>
      Object.defineProperty(namespace, name, { get, enumerable: true, configurable: true });
    await body({
      import: (specifier, options) => load(String(specifier), options as ImportOptions),
      meta,
      export(getters) {
        for (const [name, get] of Object.entries(getters)) define(name, get);
      },
      exportAll(other) {
        for (const name of Object.keys(other))
          if (name !== "default" && !(name in namespace)) define(name, () => other[name]);
      },
    });
    module.finished = true;
  }
}

/** What the code of a compiled module calls (rewrite-module.ts writes these calls). */
interface ModuleRuntime {
  import(specifier: unknown, options?: unknown): Promise<ModuleNamespace>;
  readonly meta: ImportMeta;
  export(getters: Readonly<Record<string, () => unknown>>): void;
  exportAll(namespace: ModuleNamespace): void;
}

function compile(file: string, code: string): (runtime: ModuleRuntime) => Promise<void> {
  const compilerOptions = emitOptions(projectOptions(path.dirname(file)));
  const emitted = emitJavaScript(code, file, { compilerOptions });
  const [error] = emitted.diagnostics;
  if (error)
    throw syntaxError(file, code, error.start, ts.flattenDiagnosticMessageText(error.messageText, "\n"));
  const parsed = parse(emitted.text, ts.ScriptKind.JS);
  const stray = strayReturn(parsed);
  if (stray) {
    const { line, character } = parsed.getLineAndCharacterOfPosition(stray.getStart(parsed));
    const place = originalPosition(emitted.mappings, line, character);
    const at = (lineStarts(code)[place?.sourceLine ?? 0] ?? 0) + (place?.sourceColumn ?? 0);
    throw syntaxError(file, code, at, "A 'return' statement can only be used within a function body.");
  }
  let prefix = "$_";
  while (code.includes(prefix)) prefix += "_";
  const { text, mappings } = rewriteModule(parsed, emitted, prefix);
  const source = { path: file, title: file, executionCount: null, code, mappings, lineOffset: 0 };
  rememberSource(source);
  const body = evaluateScript(text, file, file);
  debugHook.current?.compiled(source);
  return body as ReturnType<typeof compile>;
}

function syntaxError(file: string, code: string, start: number, message: string): CellSyntaxError {
  const starts = lineStarts(code);
  const line = lineOf(starts, start);
  const text = code.split(/\r?\n/)[line] ?? "";
  const column = start - starts[line]!;
  return new CellSyntaxError(message, line + 1, column + 1, text, file, syntaxAdvice(code, line, column));
}

function isWaitedFor(module: LocalModule, by: LocalModule): boolean {
  for (let at: LocalModule | null = module; at; at = at.waitsFor) if (at === by) return true;
  return false;
}

function isModuleText(code: string): boolean {
  return parse(code, ts.ScriptKind.JS).statements.some(
    (statement) =>
      ts.isImportDeclaration(statement) ||
      ts.isExportDeclaration(statement) ||
      ts.isExportAssignment(statement) ||
      (ts.canHaveModifiers(statement) &&
        statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)),
  );
}

function modifiedAt(file: string): number {
  return fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
