import fs from "node:fs";
import type { ModuleNamespace } from "./module-namespace.js";

/** What is used of WebAssembly, whose types come with the browsers' only. */
interface WebAssemblyApi {
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(module: object, imports: object): Promise<{ readonly exports: ModuleNamespace }>;
  readonly Module: { imports(module: object): readonly { readonly module: string }[] };
}

/**
 * A WebAssembly file as a module: what it exports are names, what it imports comes from the modules that it names.
 * https://github.com/WebAssembly/esm-integration
 */
export async function importWasm(
  file: string,
  load: (specifier: string) => Promise<ModuleNamespace>,
): Promise<ModuleNamespace> {
  const { WebAssembly: wasm } = globalThis as unknown as { WebAssembly: WebAssemblyApi };
  const module = await wasm.compile(fs.readFileSync(file));
  const imports: Record<string, ModuleNamespace> = {};
  for (const { module: specifier } of wasm.Module.imports(module))
    imports[specifier] ??= await load(specifier);
  const { exports } = await wasm.instantiate(module, imports);
  return exports;
}
