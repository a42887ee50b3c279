/**
 * What the kernel process and the runner process say to each other.
 * Everything here survives structured clone. `cell` is the id of the execute_request that asked.
 */
import type { LiveValue } from "../cells/values/live-type.js";

import type { DebugEvent, DebugRequest, DebugResponse } from "../debugger/dap.js";

export type ToRunner =
  | ExecuteCell
  | { readonly type: "interrupt" }
  | { readonly type: "input_reply"; readonly request: number; readonly value: string }
  /** `cell` is the id of the comm message; what its handler prints goes there. Answered by `done`. */
  | { readonly type: "comm"; readonly cell: number; readonly message: CommMessage }
  | { readonly type: "debug"; readonly id: number; readonly client: string; readonly request: DebugRequest }
  | { readonly type: "shutdown" };

export interface ExecuteCell {
  readonly type: "execute";
  readonly cell: number;
  readonly code: string;
  /** The `n` of `In [n]`. */
  readonly executionCount: number;
  readonly silent: boolean;
  readonly allowStdin: boolean;
  readonly userExpressions: Readonly<Record<string, string>>;
}

export type FromRunner =
  | { readonly type: "ready" }
  | {
      readonly type: "stream";
      readonly cell: number;
      readonly name: "stdout" | "stderr";
      readonly text: string;
    }
  | {
      readonly type: "display";
      readonly cell: number;
      readonly bundle: Bundle;
      readonly displayId?: string;
      readonly update: boolean;
    }
  | { readonly type: "clear_output"; readonly cell: number; readonly wait: boolean }
  | { readonly type: "result"; readonly cell: number; readonly bundle: Bundle }
  | {
      readonly type: "input_request";
      readonly cell: number;
      readonly request: number;
      readonly prompt: string;
      readonly password: boolean;
    }
  | { readonly type: "comm"; readonly cell: number; readonly message: CommMessage }
  /** `unset`: names that cells declare and that have no value, all of them. */
  | { readonly type: "live"; readonly values: LiveValues; readonly unset: readonly string[] }
  | {
      readonly type: "done";
      readonly cell: number;
      readonly outcome: CellOutcome;
      readonly tensors: TensorCount | null;
    }
  | { readonly type: "debug_reply"; readonly id: number; readonly response: DebugResponse }
  | { readonly type: "debug_event"; readonly event: DebugEvent }
  /** An interrupt waits for a call of native code to return. */
  | { readonly type: "interrupt_waits" }
  /** The process ends because the cell asked for it (`process.exit`), not by a crash. */
  | { readonly type: "exit"; readonly cell: number; readonly code: number };

/** Variables that have changed, and what they are now; null for what no type describes. */
export type LiveValues = Record<string, LiveValue | null>;

/** Tensors alive in the runner; null while TensorFlow.js is not loaded. */
export interface TensorCount {
  readonly count: number;
  readonly bytes: number;
}

export interface Bundle {
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export type CellOutcome =
  | {
      readonly status: "ok";
      readonly userExpressions: Readonly<Record<string, unknown>>;
      readonly payload: readonly Payload[];
    }
  | { readonly status: "error"; readonly error: CellFailure };

/** An error as front ends show it (protocol, "execute_reply" with status error). */
export interface CellFailure {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

export type Payload =
  | { readonly source: "page"; readonly data: Readonly<Record<string, unknown>>; readonly start: number }
  | { readonly source: "set_next_input"; readonly text: string; readonly replace: boolean };

export interface CommMessage {
  readonly kind: "open" | "msg" | "close";
  readonly commId: string;
  readonly targetName?: string;
  readonly data: unknown;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly buffers: readonly Uint8Array[];
}
