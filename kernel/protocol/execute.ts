import type { Kernel } from "../kernel.js";
import type { Request } from "../request.js";
import type { CellOutcome } from "../runner/messages.js";
import type { Content } from "../wire/message.js";
import { booleanField, objectField, stringField } from "./content.js";
import type { Handler } from "./handler.js";
import { showTypeErrors, typeFailure } from "./type-check.js";

/**
 * Runs a cell; everything that it shows goes out before the reply.
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html#execute
 */
export const execute: Handler = async (kernel, request) => {
  const { content } = request.message;
  const code = stringField(content, "code");
  const silent = booleanField(content, "silent", false);
  const storeHistory = booleanField(content, "store_history", true) && !silent;
  const stopOnError = booleanField(content, "stop_on_error", true);
  const executionCount = kernel.history.countCell(storeHistory);
  if (!silent) kernel.publish(request.parent, "execute_input", { code, execution_count: executionCount });
  if (!silent) kernel.language.add(code, executionCount);
  const { outcome, result } = await run(kernel, request, { code, silent, executionCount });
  if (storeHistory) setImmediate(() => kernel.history.add(executionCount, code, result)); // after the reply
  if (outcome.status === "ok") return replyOk(outcome, executionCount);
  if (!silent) kernel.publish(request.parent, "error", { ...outcome.error });
  if (stopOnError) kernel.abortBehind(request);
  return {
    status: "error",
    execution_count: executionCount,
    ...outcome.error,
    user_expressions: {},
    payload: [],
  };
};

interface Cell {
  readonly code: string;
  readonly silent: boolean;
  readonly executionCount: number;
}

interface Ended {
  readonly outcome: CellOutcome;
  /** Plain text of the cell's result. */
  readonly result: string | null;
}

async function run(kernel: Kernel, { parent, message }: Request, cell: Cell): Promise<Ended> {
  const { content } = message;
  const checks = cell.silent ? "off" : kernel.language.typeCheck;
  const refused = checks === "strict" ? await typeFailure(kernel, cell.executionCount) : null;
  if (refused) return { outcome: { status: "error", error: refused }, result: null };
  const id = kernel.outputs.open(parent, cell);
  const running = kernel.runner.run({
    type: "execute",
    cell: id,
    ...cell,
    allowStdin: booleanField(content, "allow_stdin", true),
    userExpressions: objectField(content, "user_expressions") as Record<string, string>,
  });
  if (checks === "warn") void showTypeErrors(kernel, parent, cell.executionCount, running);
  const outcome = await running;
  return { outcome, result: kernel.outputs.close(id) };
}

function replyOk(outcome: Extract<CellOutcome, { status: "ok" }>, executionCount: number): Content {
  return {
    status: "ok",
    execution_count: executionCount,
    user_expressions: outcome.userExpressions,
    payload: outcome.payload,
  };
}

/** What a cell gets that was queued behind one that failed. The protocol deprecates the status "aborted". */
export const abortExecute: Handler = (kernel) => ({
  status: "error",
  execution_count: kernel.history.executionCount,
  ename: "ExecutionAborted",
  evalue: "Not run, because a cell before it failed.",
  traceback: [],
  user_expressions: {},
  payload: [],
});
