import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Debugger } from "node:inspector";
import { originalPosition } from "../cells/compile/source-map.js";
import { CELL_PATHS, cellPathOfHash } from "./cell-path.js";
import type { Inspector } from "./inspector.js";
import { PART_FILE } from "./part-file.js";
import type { DebugSource } from "./main-thread/hooks.js";

/** Code of the user as V8 compiled it: a cell, a part of one between magics, or a module in a file. */
export interface Script {
  readonly id: string;
  /** As front ends name it: a cell by its hash, a module by its file. */
  readonly path: string;
  /** Null for JavaScript that runs as it is in its file. */
  readonly source: DebugSource | null;
}

/** A place as the user counts, from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

const PATIENCE_MS = 1000;

/** What V8 compiled in the main thread, and where its places are in the user's text. */
export class Scripts {
  readonly #files = new Map<string, string>(); // script id -> file
  readonly #ids = new Map<string, string>(); // file -> id of the latest script
  readonly #scripts = new Map<string, Script>(); // of the user, by id

  constructor(private readonly inspector: Inspector) {}

  parsed({ scriptId, url }: Debugger.ScriptParsedEventDataType): void {
    const file = url.startsWith("file:") ? fileURLToPath(url) : url;
    this.#files.set(scriptId, file);
    this.#ids.set(file, scriptId);
  }

  /** The code that stops in a magic or a load. */
  isPart(id: string): boolean {
    return this.#files.get(id) === PART_FILE;
  }

  /** Code of the kernel, which catches every error in the end. */
  isKernel(id: string): boolean {
    const file = this.#files.get(id) ?? "";
    return file.startsWith(KERNEL) && !file.startsWith(`${KERNEL}node_modules`);
  }

  clear(): void {
    for (const map of [this.#files, this.#ids, this.#scripts]) map.clear();
  }

  /** Takes on a source that the main thread has just compiled and not run yet. V8's word of it may come later. */
  async compiled(file: string, source: DebugSource): Promise<Script | undefined> {
    for (const until = performance.now() + PATIENCE_MS; performance.now() < until; await sleep(1)) {
      const id = this.#ids.get(file);
      if (id !== undefined && !this.#scripts.has(id)) return this.#add(id, file, source);
    }
    return undefined;
  }

  /** The user's code of that id; undefined for packages, Node and the kernel. */
  async script(id: string): Promise<Script | undefined> {
    const known = this.#scripts.get(id);
    const file = this.#files.get(id);
    if (known || file === undefined || file === "" || file === PART_FILE || isForeign(file)) return known;
    const source = await this.inspector.call<DebugSource | null>("source", { value: file });
    // An older text under the same name has other places.
    return source && this.#ids.get(file) !== id ? undefined : this.#add(id, file, source);
  }

  /** All scripts of a path that have been compiled, those from before the debugger was on too. */
  async ofPath(path: string): Promise<Script[]> {
    const files = await this.inspector.call<string[]>("filesOf", { value: hashOf(path) ?? path });
    for (const file of files) {
      const id = this.#ids.get(file);
      if (id !== undefined) await this.script(id);
    }
    return [...this.#scripts.values()].filter((script) => script.path === path);
  }

  #add(id: string, file: string, source: DebugSource | null): Script {
    const path = source?.cellHash == null ? file : cellPathOfHash(source.cellHash);
    const script = { id, path, source };
    this.#scripts.set(id, script);
    return script;
  }
}

function hashOf(path: string): number | null {
  const { tmpFilePrefix, tmpFileSuffix } = CELL_PATHS;
  if (!path.startsWith(tmpFilePrefix)) return null;
  return Number(path.slice(tmpFilePrefix.length, -tmpFileSuffix.length));
}

/** Code in which nobody stops: it is stepped over, and its frames are folded. */
export const FOREIGN = ["^node:", "^wasm:", "^$", "/node_modules/", kernelFolder()];
const FOREIGN_FILES = [/^node:/, /^wasm:/, /[\\/]node_modules[\\/]/];

function isForeign(file: string): boolean {
  return FOREIGN_FILES.some((pattern) => pattern.test(file)) || file.startsWith(KERNEL);
}

const KERNEL = fileURLToPath(new URL("../../", import.meta.url));

/** Pattern for V8, which knows files by their URLs. */
function kernelFolder(): string {
  return `^${new URL("../../", import.meta.url).href.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}`;
}

/** Where a place that V8 names is in the user's text; undefined for code that the user did not write. */
export function userPlace({ source }: Script, line: number, column: number): Place | undefined {
  if (!source) return { line: line + 1, column: column + 1 };
  const place = originalPosition(source.mappings, line, column);
  // Before the first mapping of a line stands what compiling added.
  if (!place || place.column > column) return undefined;
  return { line: place.sourceLine + 1 + source.lineOffset, column: place.sourceColumn + 1 };
}

/** Whether the user's own `debugger` statement stands there. */
export function isDebuggerStatement({ source }: Script, { line, column }: Place): boolean {
  const text = source?.code.split(/\r?\n/)[line - 1 - source.lineOffset] ?? "";
  return /^debugger\b/.test(text.slice(column - 1));
}

/** The text of a source as the user has it, as far as it is known. */
export function sourceText({ path, source }: Script): string {
  return source ? "\n".repeat(source.lineOffset) + source.code : readFileSync(path, "utf8");
}
