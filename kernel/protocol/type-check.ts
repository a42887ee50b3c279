import { setTimeout as sleep } from "node:timers/promises";
import type { Kernel } from "../kernel.js";
import { findingsBundle } from "../language/findings-bundle.js";
import type { Finding } from "../language/messages.js";
import { lull } from "../lull.js";
import type { Parent } from "../request.js";
import type { CellFailure, CellOutcome } from "../runner/messages.js";

/** A cell that is done sooner is checked when it is done: its output comes first. */
const HEAD_START_MS = 500;
const LULL = { quiet: 100, longest: 1000, idle: false };

/** Failures that are not for want of the right types. */
const NO_TYPES_HELP: ReadonlySet<string> = new Set([
  "SyntaxError",
  "KeyboardInterrupt",
  "RunnerExit",
  "UsageError",
]);

/**
 * Shows the type errors of a cell below it, as soon as they are known; the cell does not wait for them.
 * Of a cell that has failed by then, those that may say why: in a name or an argument, a letter too many.
 */
export async function showTypeErrors(
  kernel: Kernel,
  parent: Parent,
  executionCount: number,
  running: Promise<CellOutcome>,
): Promise<void> {
  const failed: { by?: CellFailure } = {};
  const ended = running.then((outcome) => {
    if (outcome.status === "error") failed.by = outcome.error;
  });
  await Promise.race([ended, sleep(HEAD_START_MS)]);
  await nextLull(kernel);
  await kernel.language.startSoon();
  const all = await typeErrors(kernel, executionCount);
  const findings = failed.by ? thatExplain(failed.by, all) : all;
  if (findings.length === 0) return;
  kernel.publish(parent, "display_data", {
    data: findingsBundle(findings, executionCount),
    metadata: {},
    transient: {},
  });
}

/** Not what the failure itself has said: that a name or a module is unknown, or used too early. */
function thatExplain({ ename }: CellFailure, findings: readonly Finding[]): readonly Finding[] {
  if (NO_TYPES_HELP.has(ename)) return [];
  return findings.filter(({ code, fix }) => fix !== null || !SAID_ALREADY.has(code));
}

const SAID_ALREADY: ReadonlySet<string> = new Set(["TS2304", "TS2339", "TS2307", "TS2448", "TS2454"]);

/** All cells that wait for it go on at once, and are checked together. */
function nextLull(kernel: Kernel): Promise<void> {
  let next = lulls.get(kernel);
  if (!next) {
    next = lull(kernel, LULL).finally(() => lulls.delete(kernel));
    lulls.set(kernel, next);
  }
  return next;
}

const lulls = new WeakMap<Kernel, Promise<void>>();

/** With `%typecheck strict`: why a cell may not run; null when it may. */
export async function typeFailure(kernel: Kernel, executionCount: number): Promise<CellFailure | null> {
  const findings = (await typeErrors(kernel, executionCount)).filter(({ severity }) => severity === "error");
  if (findings.length === 0) return null;
  const [first] = findings;
  const more = findings.length > 1 ? ` (and ${findings.length - 1} more)` : "";
  return {
    ename: "TypeCheckError",
    evalue: `${first!.code} line ${first!.line}: ${first!.message}${more}`,
    traceback: [
      findingsBundle(findings, executionCount)["text/plain"],
      "The cell was not run, because of %typecheck strict. %typecheck warn shows type errors and runs it.",
    ],
  };
}

async function typeErrors(kernel: Kernel, executionCount: number): Promise<readonly Finding[]> {
  try {
    return await kernel.language.diagnose(executionCount);
  } catch (error) {
    kernel.log((error as Error).message);
    return [];
  }
}
