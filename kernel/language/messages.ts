/** What the kernel and its language worker say to each other; all of it survives structured clone. Offsets are in UTF-16 units. */

import type { LiveValues } from "../runner/messages.js";

export type Question =
  | { readonly type: "add"; readonly code: string; readonly executionCount: number }
  /** `unset`: names that cells declare and that have no value. */
  | { readonly type: "refine"; readonly values: LiveValues; readonly unset: readonly string[] }
  /** All variables are gone. */
  | { readonly type: "forget" }
  /** This cell had a result. */
  | { readonly type: "result"; readonly executionCount: number }
  | { readonly type: "complete"; readonly code: string; readonly cursor: number }
  | { readonly type: "inspect"; readonly code: string; readonly cursor: number; readonly level: 0 | 1 }
  | { readonly type: "diagnose"; readonly executionCounts: readonly number[] };

/** `ready`: TypeScript is loaded. */
export type FromWorker =
  { readonly ready: true } | { readonly id: number; readonly answer?: unknown; readonly error?: string };

export interface Completions {
  readonly start: number;
  readonly end: number;
  readonly items: readonly Completion[];
}

export interface Completion {
  readonly text: string;
  /** As JupyterLab's completer names and colours them. */
  readonly type: string;
}

export interface Inspection {
  readonly plain: string;
  readonly markdown: string;
}

export interface Finding {
  /** `TS2322` */
  readonly code: string;
  readonly message: string;
  /** 1-based, in the user's cell. */
  readonly line: number;
  readonly column: number;
  /** Length of the marked text in its line. */
  readonly length: number;
  readonly sourceLine: string;
  readonly severity: "error" | "warning";
  /** What TypeScript would do about it, in words. */
  readonly fix: string | null;
}

/** By the type of the question. */
export interface Answers {
  /** Cells before it that are of no more use. */
  add: readonly number[];
  refine: null;
  forget: null;
  result: null;
  complete: Completions;
  inspect: Inspection | null;
  /** Of each cell that was asked for. */
  diagnose: readonly (readonly Finding[])[];
}
