import vm from "node:vm";
import { loadStack } from "../../../src/loading/load-stack.js";
import { PART_FILE } from "../part-file.js";
import { debugHook, type DebugHook } from "../../cells/debug-hook.js";
import { magicHook, type MagicHook } from "../../magics/magic-hook.js";
import { filesOfCell, type CompiledSource } from "../../cells/compile/compiled-sources.js";
import { WORDS } from "../../runner/shared-words.js";
import { cellHash } from "../cell-path.js";

/** Source that V8 has compiled and that has not run yet. */
export interface CompiledNotice {
  readonly type: "compiled";
  /** File name that V8 knows it by. */
  readonly file: string;
  readonly source: DebugSource;
}

/** A magic is about to run. */
export interface MagicNotice {
  readonly type: "magic";
  readonly cellHash: number;
  /** From 1. */
  readonly line: number;
}

/** What the main thread tells the debugger. */
export type DebugNotice =
  CompiledNotice | MagicNotice | { readonly type: "cell ended" } | { readonly type: "exit" };

/** A compiled source as the debugger needs it. */
export interface DebugSource {
  /** Hash of the text of the whole cell (cell-path.ts); null for a module in a file. */
  readonly cellHash: number | null;
  readonly code: string;
  readonly mappings: CompiledSource["mappings"];
  /** Lines above `code` in the cell. */
  readonly lineOffset: number;
}

interface RunningMagic {
  readonly name: string;
  /** From 1, in the cell. */
  readonly line: number;
  readonly cellHash: number;
}

/** A call that the debugger shows though the user did not write it. */
export interface RunningPart {
  readonly name: string;
  /** In the load's own list, outermost first; -1 for a magic. */
  readonly index: number;
  readonly cellHash: number;
  readonly line: number;
}

/** Where V8 stops in a load: code that is not marked as the kernel's. */
const stop = new vm.Script("(function () { debugger; })", {
  filename: PART_FILE,
}).runInThisContext() as () => void;

/** The debugger's threads wait for each other no longer than this. */
const PATIENCE_MS = 2000;

/** What the main thread does for the debugger, next to nothing while that is off. */
export class DebugHooks implements DebugHook, MagicHook {
  readonly #hashes = new Map<number, number>();
  /** The cell and the magic that run, the latest last. */
  #cell = 0;
  readonly #magics: RunningMagic[] = [];

  constructor(
    private readonly words: Int32Array,
    private readonly post: (message: DebugNotice) => void,
  ) {
    debugHook.current = this;
    magicHook.current = this;
    loadStack.entered = () => {
      if (loadStack.frames.length <= Atomics.load(words, WORDS.loadDepth)) this.#stop();
    };
  }

  cellEnds(): void {
    if (this.on) this.post({ type: "cell ended" });
  }

  get on(): boolean {
    return Atomics.load(this.words, WORDS.debugging) !== 0;
  }

  /** Front ends know a cell by a hash of its whole text, of which the engine sees parts. */
  cellBegins(executionCount: number, code: string): void {
    this.#cell = cellHash(code);
    this.#hashes.set(executionCount, this.#cell);
  }

  debugSource({ executionCount, code, mappings, lineOffset }: CompiledSource): DebugSource {
    const hash = executionCount === null ? null : (this.#hashes.get(executionCount) ?? cellHash(code));
    return { cellHash: hash, code, mappings, lineOffset };
  }

  filesOfCell(hash: number): readonly string[] {
    return [...this.#hashes].filter(([, known]) => known === hash).flatMap(([count]) => filesOfCell(count));
  }

  /** The inspector must be gone before Node waits for it to go. */
  exits(): void {
    if (Atomics.load(this.words, WORDS.inspected) === 0) return;
    this.post({ type: "exit" });
    Atomics.wait(this.words, WORDS.inspected, 1, PATIENCE_MS);
  }

  async magic<T>(name: string, line: number, run: () => Promise<T>): Promise<T> {
    const magic = { name, line: line + 1, cellHash: this.#cell };
    this.#magics.push(magic);
    try {
      this.#tell({ type: "magic", cellHash: magic.cellHash, line: magic.line });
      if (Atomics.exchange(this.words, WORDS.stopAtMagic, 0) === 1) this.#stop();
      return await run();
    } finally {
      this.#magics.splice(this.#magics.indexOf(magic), 1);
    }
  }

  /** What runs that is no code of the user's, innermost first: parts of a load, and the magic that loads. */
  parts(): RunningPart[] {
    const magic = this.#magics.at(-1);
    const place = { cellHash: magic?.cellHash ?? this.#cell, line: magic?.line ?? 1 };
    const loads = loadStack.frames.map(({ kind, name }, index) => ({
      name: `${kind} ${name}`,
      index,
      ...place,
    }));
    const outer = magic ? [{ name: `%${magic.name}`, index: -1, ...place }] : [];
    return [...outer, ...loads].reverse();
  }

  /** While the debugger is on, code waits until its breakpoints are set. */
  compiled(source: CompiledSource): void {
    if (!this.on) return;
    this.#tell({ type: "compiled", file: source.path, source: this.debugSource(source) });
  }

  #stop(): void {
    Atomics.add(this.words, WORDS.partStops, 1);
    stop();
  }

  #tell(notice: DebugNotice): void {
    const seen = Atomics.load(this.words, WORDS.noticesSeen);
    this.post(notice);
    Atomics.wait(this.words, WORDS.noticesSeen, seen, PATIENCE_MS);
  }
}
