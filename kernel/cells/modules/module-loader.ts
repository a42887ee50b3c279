import { createRequire, isBuiltin } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { uninterruptedCall } from "../../../src/uninterrupted.js";
import { beforeImport, kernelModule, redirectPackages } from "./kernel-modules.js";
import { importWasm } from "./import-wasm.js";
import { JsonModules } from "./json-modules.js";
import { LocalModules } from "./local-modules.js";
import { explainMissing, fromElsewhere } from "./missing-module.js";
import type { ModuleNamespace } from "./module-namespace.js";
import { nodeImportFrom, withCommonJsNames } from "./node-import.js";
import { resolveLocalFile } from "./resolve-local-file.js";

export interface ImportOptions {
  readonly with?: Readonly<Record<string, string>>;
}

/** Says which file a specifier stands for, in place of the usual lookup; undefined for no change. */
export type ModuleOverrides = (specifier: string, by?: "import" | "require") => string | undefined;

/** Imports as one file sees them. */
export interface Importer {
  import(specifier: string, options?: ImportOptions): Promise<ModuleNamespace>;
  readonly require: NodeJS.Require;
  readonly meta: ImportMeta;
}

/**
 * Loads modules for the cells of a notebook: TypeScript and ES modules in local files by our own compiler, JSON,
 * and everything else by Node. The kernel's own packages come from the kernel.
 */
export class ModuleLoader {
  readonly local = new LocalModules((file) => this.importer(file));
  readonly #overrides: ModuleOverrides;
  readonly #json = new JsonModules();
  readonly #wasmModules = new Map<string, Promise<ModuleNamespace>>();

  constructor(overrides: ModuleOverrides = kernelModule) {
    this.#overrides = overrides;
  }

  /** For code that stands in `file` (which need not exist). */
  importer(file: string): Importer {
    const nodeImport = nodeImportFrom(file);
    const nodeRequire = createRequire(file);
    const resolve = (specifier: string) => this.#overrides(specifier) ?? specifier;
    return {
      require: Object.assign((specifier: string): unknown => {
        try {
          return uninterruptedCall(() => nodeRequire(resolve(specifier)) as unknown);
        } catch (error) {
          const local = resolveLocalFile(specifier, file);
          if (local && isModuleError(error) && this.local.takes(local)) throw importInstead(specifier, error);
          throw explainMissing(error, specifier, path.dirname(file));
        }
      }, nodeRequire),
      meta: importMeta(file, nodeRequire),
      import: async (specifier, options) => {
        await beforeImport(specifier);
        const own = this.#overrides(specifier, "import");
        // By Node, as the kernel itself loads it: compiled here, it would be a second copy.
        if (own !== undefined) return withCommonJsNames(await nodeImport(pathToFileURL(own).href, options));
        const local = resolveLocalFile(specifier, file);
        if (local?.endsWith(".json")) return this.#json.import(local);
        if (local?.endsWith(".wasm")) return this.#wasm(local);
        if (local && this.local.takes(local)) return this.local.import(local, file);
        const elsewhere = fromElsewhere(specifier);
        if (elsewhere) throw elsewhere;
        if (!local && !isBuiltin(specifier)) redirectPackages();
        try {
          return withCommonJsNames(await nodeImport(local ? pathToFileURL(local).href : specifier, options));
        } catch (error) {
          throw explainMissing(error, specifier, path.dirname(file));
        }
      },
    };
  }

  /** Once for each file; one that failed is tried again. */
  #wasm(file: string): Promise<ModuleNamespace> {
    let loading = this.#wasmModules.get(file);
    if (!loading) {
      loading = importWasm(file, this.importer(file).import);
      loading.catch(() => this.#wasmModules.delete(file));
      this.#wasmModules.set(file, loading);
    }
    return loading;
  }
}

function importMeta(file: string, require: NodeJS.Require): ImportMeta {
  const resolve = (specifier: string) => {
    const found = resolveLocalFile(specifier, file) ?? require.resolve(specifier);
    return path.isAbsolute(found) ? pathToFileURL(found).href : `node:${found.replace(/^node:/, "")}`;
  };
  const url = pathToFileURL(file).href;
  return { url, filename: file, dirname: path.dirname(file), resolve } as ImportMeta;
}

/** What Node's `require` says of a module that it takes for CommonJS. */
function isModuleError(error: unknown): error is Error {
  const { code } = error as { code?: unknown };
  return error instanceof SyntaxError || code === "ERR_REQUIRE_ESM" || code === "ERR_REQUIRE_ASYNC_MODULE";
}

function importInstead(specifier: string, cause: Error): Error {
  const quoted = JSON.stringify(specifier);
  return new Error(
    `${quoted} is TypeScript or an ES module, and require takes CommonJS. Write: import * as m from ${quoted}, or await import(${quoted}).`,
    { cause },
  );
}
