import fs from "node:fs";
import { CellSyntaxError } from "../errors/cell-syntax-error.js";
import { createNamespace, type ModuleNamespace } from "./module-namespace.js";

interface JsonModule {
  readonly modified: number;
  readonly size: number;
  readonly namespace: ModuleNamespace;
}

/** JSON files as modules: all who import one share its value, until the file has changed on disk. */
export class JsonModules {
  readonly #modules = new Map<string, JsonModule>();

  /** @throws CellSyntaxError when the text is no JSON. */
  import(file: string): ModuleNamespace {
    const { mtimeMs: modified, size } = fs.statSync(file);
    const known = this.#modules.get(file);
    if (known?.modified === modified && known.size === size) return known.namespace;
    const namespace = namespaceOf(parse(fs.readFileSync(file, "utf8"), file));
    this.#modules.set(file, { modified, size, namespace });
    return namespace;
  }
}

function parse(bytes: string, file: string): unknown {
  const text = bytes.replace(/^\uFEFF/, "");
  try {
    return JSON.parse(text);
  } catch (error) {
    // V8 quotes the text around the place, which is shown below.
    const message = (error as Error).message.replace(
      /, (?:\.{3})?".*"(?:\.{3})? is not valid JSON$/s,
      " in JSON",
    );
    const before = text.slice(0, failingAt(text)).split("\n");
    const line = before.length;
    const column = before.at(-1)!.length + 1;
    throw new CellSyntaxError(message, line, column, text.split(/\r?\n/)[line - 1] ?? "", file);
  }
}

/** V8 does not always say where: the first place up to which the text is no beginning of JSON any more. */
function failingAt(text: string): number {
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (mayGoOn(text.slice(0, middle + 1))) low = middle + 1;
    else high = middle;
  }
  return low;
}

function mayGoOn(beginning: string): boolean {
  try {
    JSON.parse(beginning);
    return true;
  } catch (error) {
    const { message } = error as Error;
    const place = /at position (\d+)/.exec(message)?.[1];
    return /^(?:Unexpected end|Unterminated string)/.test(message) || Number(place) === beginning.length;
  }
}

function namespaceOf(value: unknown): ModuleNamespace {
  const names = typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
  return Object.assign(createNamespace(), names, { default: value });
}
