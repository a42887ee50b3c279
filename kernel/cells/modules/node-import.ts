import { createRequire } from "node:module";
import vm from "node:vm";
import { uninterrupted } from "../../../src/uninterrupted.js";
import type { ImportOptions } from "./module-loader.js";
import { createNamespace, type ModuleNamespace } from "./module-namespace.js";

const require = createRequire(import.meta.url);

type NodeImport = (specifier: string, options?: ImportOptions) => Promise<ModuleNamespace>;

/** Node's `import()` for code in `file`: compiled code resolves from its file name when told to. */
export function nodeImportFrom(file: string): NodeImport {
  const { emitWarning } = process;
  // Node warns once per process that the option is experimental; the user can do nothing about it.
  const nodeImport = vm.compileFunction("return import(specifier, options)", ["specifier", "options"], {
    filename: file,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }) as NodeImport;
  if (!warned) {
    warned = true;
    process.emitWarning = () => undefined;
    void nodeImport("node:module");
    process.emitWarning = emitWarning;
  }
  return (specifier, options) => uninterrupted(() => nodeImport(specifier, options));
}

let warned = false;

const complete = new WeakMap<ModuleNamespace, ModuleNamespace>();

/**
 * A CommonJS module as TypeScript types it: a `default` that a compiled module marks as its own is the default
 * export, and properties that Node's lexer overlooked are names too. Other modules stay as they are.
 */
export function withCommonJsNames(namespace: ModuleNamespace): ModuleNamespace {
  const exports = namespace["default"];
  if ((typeof exports !== "object" && typeof exports !== "function") || exports === null) return namespace;
  const found = complete.get(namespace);
  if (found) return found;
  const marked = "module.exports" in namespace || "__esModule" in exports || "__esModule" in namespace;
  if (!marked && !isRequired(exports)) return namespace;
  const result = withMissingNames(namespace, exports as Record<string, unknown>);
  complete.set(namespace, result);
  return result;
}

/** Node 20 marks no namespace of a CommonJS module, but keeps the module where `require` finds it. */
function isRequired(exports: object): boolean {
  return Object.values(require.cache).some((module) => module?.exports === exports);
}

function withMissingNames(namespace: ModuleNamespace, exports: Record<string, unknown>): ModuleNamespace {
  const own = "__esModule" in exports && "default" in exports;
  const missing = Object.keys(exports).filter((key) => !(key in namespace));
  if (!own && missing.length === 0) return namespace;
  const names = createNamespace();
  const getter = (key: string, get: () => unknown) =>
    Object.defineProperty(names, key, { enumerable: true, get });
  for (const key of Object.keys(namespace)) if (key !== "default") getter(key, () => namespace[key]);
  for (const key of missing) getter(key, () => exports[key]);
  getter("default", () => (own ? exports["default"] : exports));
  return names;
}
