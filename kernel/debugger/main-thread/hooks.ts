import { debugHook, type DebugHook } from "../../cells/debug-hook.js";
import { filesOfCell, type CompiledSource } from "../../cells/compiled-sources.js";
import { WORDS } from "../../runner/shared-words.js";
import { cellHash } from "../cell-path.js";

/** Source that V8 has compiled and that has not run yet. */
export interface CompiledNotice {
  readonly type: "compiled";
  /** File name that V8 knows it by. */
  readonly file: string;
  readonly source: DebugSource;
}

/** What the main thread tells the debugger. */
export type DebugNotice = CompiledNotice | { readonly type: "cell ended" } | { readonly type: "exit" };

/** A compiled source as the debugger needs it. */
export interface DebugSource {
  /** Hash of the text of the whole cell (cell-path.ts); null for a module in a file. */
  readonly cellHash: number | null;
  readonly code: string;
  readonly mappings: CompiledSource["mappings"];
  /** Lines above `code` in the cell. */
  readonly lineOffset: number;
}

/** The debugger's threads wait for each other no longer than this. */
const PATIENCE_MS = 2000;

/** What the main thread does for the debugger, next to nothing while that is off. */
export class DebugHooks implements DebugHook {
  readonly #hashes = new Map<number, number>();

  constructor(
    private readonly words: Int32Array,
    private readonly post: (message: DebugNotice) => void,
  ) {
    debugHook.current = this;
  }

  cellEnds(): void {
    if (this.on) this.post({ type: "cell ended" });
  }

  get on(): boolean {
    return Atomics.load(this.words, WORDS.debugging) !== 0;
  }

  /** Front ends know a cell by a hash of its whole text, of which the engine sees parts. */
  cellBegins(executionCount: number, code: string): void {
    this.#hashes.set(executionCount, cellHash(code));
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

  /** While the debugger is on, code waits until its breakpoints are set. */
  compiled(source: CompiledSource): void {
    if (!this.on) return;
    const seen = Atomics.load(this.words, WORDS.compiledSeen);
    this.post({ type: "compiled", file: source.path, source: this.debugSource(source) });
    Atomics.wait(this.words, WORDS.compiledSeen, seen, PATIENCE_MS);
  }
}
