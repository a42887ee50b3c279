import type { Question } from "../cells/values/live-type.js";
import type { CellEngine } from "../cells/cell-engine.js";
import type { CellOutput } from "../runner/cell-output.js";

/** A `%name` or `%%name` command, described so that help, errors and completion come from the description. */
export interface Magic {
  /** Without percent signs. */
  readonly name: string;
  /** `line`: `%name ...`; `cell`: `%%name ...` with the cell's body. */
  readonly kinds: readonly ("line" | "cell")[];
  /** One sentence for `%lsmagic`. */
  readonly summary: string;
  readonly arguments: readonly MagicArgument[];
  /** Names that its users know from elsewhere and may type here (`custom_objects`), and what does that instead. */
  readonly instead?: Readonly<Record<string, string>>;
  /** Lines to copy, shown by `-h`. */
  readonly examples: readonly string[];
  run(call: MagicCall, context: MagicContext): Promise<MagicResult>;
}

export interface MagicArgument {
  /** `PATH` for a positional one, `--as` for an option. */
  readonly name: string;
  readonly summary: string;
  readonly required?: boolean;
  /** What is taken when it is left out, for an `identifier` that names a variable to set. */
  readonly default?: string;
  /** What completion offers and what is checked. `rest` takes the remaining text as it stands. */
  readonly type: "path" | "identifier" | "word" | "number" | "flag" | "rest";
  /** Allowed words, for type `word`. */
  readonly choices?: readonly string[];
  /** What completion offers of what the notebook's loads wait for, after the words of the line before it. */
  readonly offers?: (questions: readonly Question[], before: readonly string[]) => readonly string[];
}

export interface MagicCall {
  readonly kind: "line" | "cell";
  /** By argument name (`PATH`, `--as`). */
  readonly arguments: Readonly<Record<string, string | number | boolean | undefined>>;
  /** The text below a `%%name` line; null for a line magic. */
  readonly body: string | null;
  readonly executionCount: number;
  /** Line of the magic in the user's cell, from 0; code of the body starts one below. */
  readonly line: number;
}

export interface MagicContext {
  readonly output: CellOutput;
  readonly engine: CellEngine;
  /** Folder of the notebook; relative paths start here. */
  readonly folder: string;
  /** Every magic of this kernel, for `%lsmagic`. */
  readonly magics: ReadonlyMap<string, Magic>;
}

/** What the cell shows as its result; undefined for nothing. */
export type MagicResult = { readonly value: unknown } | undefined;
