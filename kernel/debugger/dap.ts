import type { DebugProtocol } from "@vscode/debugprotocol";

/** https://microsoft.github.io/debug-adapter-protocol/specification */
export type DebugRequest = DebugProtocol.Request;
export type DebugResponse = DebugProtocol.Response;
export type DebugEvent = DebugProtocol.Event;
export type Breakpoint = DebugProtocol.Breakpoint;
export type SourceBreakpoint = DebugProtocol.SourceBreakpoint;
export type StackFrame = DebugProtocol.StackFrame;
export type Variable = DebugProtocol.Variable;
export type Scope = DebugProtocol.Scope;

/** A request that cannot be carried out; its message is the answer. */
export class DebugFailure extends Error {
  override readonly name = "DebugFailure";
}

export function response(
  request: DebugRequest,
  outcome: { readonly body?: unknown } | { readonly message: string },
): DebugResponse {
  const failed = "message" in outcome;
  return {
    seq: 0,
    type: "response",
    request_seq: request.seq,
    command: request.command,
    success: !failed,
    ...(failed ? { message: outcome.message, body: {} } : { body: outcome.body ?? {} }),
  };
}
