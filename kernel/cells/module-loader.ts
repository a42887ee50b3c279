import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";

export type ModuleNamespace = Record<string, unknown>;

/** Imports for cells: everything is looked for from the notebook's folder. */
export interface ModuleLoader {
  import(specifier: string, options?: unknown): Promise<ModuleNamespace>;
  readonly require: NodeJS.Require;
  readonly meta: ImportMeta;
}

/** Says which file or URL a specifier stands for, in place of the usual lookup; undefined for no change. */
export type ModuleOverrides = (specifier: string) => string | undefined;

export function createModuleLoader(folder: string, overrides: ModuleOverrides): ModuleLoader {
  const file = path.join(folder, "notebook.ts");
  const nodeImport = importFrom(file);
  const nodeRequire = createRequire(file);
  const require = Object.assign(
    (specifier: string) => nodeRequire(overrides(specifier) ?? specifier) as unknown,
    nodeRequire,
  );
  const url = pathToFileURL(file).href;

  return {
    require,
    meta: {
      url,
      filename: file,
      dirname: folder,
      resolve: (specifier: string) => pathToFileURL(nodeRequire.resolve(specifier)).href,
    } as ImportMeta,
    async import(specifier, options) {
      const target = overrides(specifier) ?? specifier;
      if (isPath(target) && target.endsWith(".json")) return importJson(path.resolve(folder, target));
      return withCommonJsNames(await nodeImport(asUrl(target), options));
    },
  };
}

/** Node resolves an `import()` of compiled code from the code's file name, when told to. */
function importFrom(file: string): (specifier: string, options?: unknown) => Promise<ModuleNamespace> {
  const nodeImport = vm.compileFunction("return import(specifier, options)", ["specifier", "options"], {
    filename: file,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }) as (specifier: string, options?: unknown) => Promise<ModuleNamespace>;
  // The first call warns once per process that the option is experimental; the user can do nothing about it.
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  void nodeImport("node:module");
  process.emitWarning = emitWarning;
  return nodeImport;
}

function isPath(specifier: string): boolean {
  return /^\.{0,2}\//.test(specifier) || path.isAbsolute(specifier);
}

function asUrl(specifier: string): string {
  return path.isAbsolute(specifier) ? pathToFileURL(specifier).href : specifier;
}

function importJson(file: string): ModuleNamespace {
  const value = JSON.parse(fs.readFileSync(file, "utf8")) as unknown;
  return typeof value === "object" && value !== null ? { ...value, default: value } : { default: value };
}

/**
 * A CommonJS module as TypeScript types it: a `default` that the module marks as its own is the default export,
 * and properties that Node's lexer overlooked are names too.
 */
function withCommonJsNames(namespace: ModuleNamespace): ModuleNamespace {
  const exports = namespace["default"] as Record<string, unknown> | undefined;
  if (!("module.exports" in namespace) && !isTranspiled(exports)) return namespace;
  if ((typeof exports !== "object" && typeof exports !== "function") || exports === null) return namespace;
  const names: ModuleNamespace = Object.create(null);
  for (const key of new Set([...Object.keys(exports), ...Object.keys(namespace)]))
    Object.defineProperty(names, key, {
      enumerable: key !== "module.exports",
      get: () => (key !== "default" && key in exports ? exports[key] : namespace[key]),
    });
  if (isTranspiled(exports) && "default" in exports)
    Object.defineProperty(names, "default", { enumerable: true, get: () => exports["default"] });
  return names;
}

function isTranspiled(exports: unknown): boolean {
  return typeof exports === "object" && exports !== null && "__esModule" in exports;
}
