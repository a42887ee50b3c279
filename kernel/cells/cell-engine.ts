/** Runs the cells of one notebook over one live scope. Knows neither sockets nor processes. */
export interface CellEngine {
  /** The top-level names of all cells so far, live: reading a property gives the value now, writing sets it. */
  readonly scope: Record<string, unknown>;
  /** Names that have no value, since the cell that declares them failed before. */
  unset(): readonly string[];
  readonly modules: LocalModuleReloading;
  /**
   * Compiles and runs a cell.
   * @returns the value of the last expression; `hasValue` is false when the cell ends otherwise or with undefined.
   * @throws CellSyntaxError when the text does not parse; anything that the cell throws.
   */
  run(cell: CellSource): Promise<{ readonly hasValue: boolean; readonly value: unknown }>;
  readonly results: KeptResults;
}

/** What cells ended with: they find it as `Out[n]`, and the latest as `_`, `__` and `___`. */
export interface KeptResults {
  add(executionCount: number, value: unknown): void;
  /** How many are kept, and about how many bytes they hold, tensors counted. */
  kept(): { readonly count: number; readonly bytes: number };
}

export interface LocalModuleReloading {
  /** Whether `reload` is called before each cell; false at first. */
  auto: boolean;
  /**
   * Loads local files that have changed on disk again. Whoever imported them sees the new code.
   * @returns their paths.
   */
  reload(): Promise<readonly string[]>;
}

export interface CellSource {
  readonly code: string;
  /** Name in tracebacks: the `n` of `In [n]`. */
  readonly executionCount: number;
  /** Lines above the code in the user's cell (a `%%magic` line), so that tracebacks count as the user does. */
  readonly lineOffset?: number;
  /** Name of a user expression, which is evaluated after the cell and is no part of it. */
  readonly expression?: string;
}
