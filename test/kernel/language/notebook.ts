import { MAGICS } from "../../../kernel/magics/registry.js";
import { liveValue } from "../../../kernel/cells/values/live-type.js";
import { completeLayer } from "../../../kernel/language/complete-layer.js";
import { Completer } from "../../../kernel/language/complete.js";
import { completeMagic } from "../../../kernel/language/complete-magic.js";
import { diagnoseCell } from "../../../kernel/language/diagnose.js";
import { inspectCode } from "../../../kernel/language/inspect.js";
import { NotebookTypes } from "../../../kernel/language/notebook-types.js";

/** A notebook's types in this thread, asked with `|` for the cursor. */
export class TestNotebook {
  readonly types: NotebookTypes;
  readonly #completer: Completer;
  #cells = 0;

  constructor(readonly folder: string) {
    this.types = new NotebookTypes(folder, MAGICS);
    this.#completer = new Completer(this.types);
  }

  /** Runs a cell, as far as types go; its type errors as `line:column code`. */
  run(code: string): string[] {
    return this.#check(code).map((found) => `${found.line}:${found.column} ${found.code}`);
  }

  /** Runs a cell; what is offered for each of its type errors. */
  fixes(code: string): (string | null)[] {
    return this.#check(code).map(({ fix }) => fix);
  }

  #check(code: string) {
    return diagnoseCell(this.types, this.types.add(code, ++this.#cells));
  }

  /** Runs a cell. @returns how many cells have been forgotten with it. */
  add(code: string): number {
    this.types.add(code, ++this.#cells);
    return this.types.sweep().length;
  }

  /** What variables hold, as the runner tells it after a cell. */
  hold(values: Readonly<Record<string, unknown>>): void {
    this.types.refine(
      Object.fromEntries(Object.entries(values).map(([name, held]) => [name, liveValue(held)])),
    );
  }

  complete(marked: string) {
    const { code, cursor } = atCursor(marked);
    const found =
      completeMagic(code, cursor, MAGICS, this.folder, this.types.questions()) ??
      completeLayer(code, cursor, (name) => this.types.layersOf(name)) ??
      this.#completer.complete(code, cursor);
    return {
      ...found,
      names: found.items.map(({ text }) => text),
      replaced: code.slice(found.start, found.end),
    };
  }

  inspect(marked: string, level: 0 | 1 = 0): string {
    const { code, cursor } = atCursor(marked);
    return inspectCode(this.types, code, cursor, level)?.plain ?? "";
  }
}

function atCursor(marked: string): { code: string; cursor: number } {
  return { code: marked.replace("|", ""), cursor: marked.indexOf("|") };
}
