import fs from "node:fs";
import { createNamespace, type ModuleNamespace } from "./module-namespace.js";

interface JsonModule {
  readonly modified: number;
  readonly size: number;
  readonly namespace: ModuleNamespace;
}

/** JSON files as modules: all who import one share its value, until the file has changed on disk. */
export class JsonModules {
  readonly #modules = new Map<string, JsonModule>();

  /** @throws SyntaxError when the text is no JSON. */
  import(file: string): ModuleNamespace {
    const { mtimeMs: modified, size } = fs.statSync(file);
    const known = this.#modules.get(file);
    if (known?.modified === modified && known.size === size) return known.namespace;
    const namespace = namespaceOf(JSON.parse(fs.readFileSync(file, "utf8")));
    this.#modules.set(file, { modified, size, namespace });
    return namespace;
  }
}

function namespaceOf(value: unknown): ModuleNamespace {
  const names = typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
  return Object.assign(createNamespace(), names, { default: value });
}
