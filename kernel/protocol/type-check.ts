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

/**
 * Shows the type errors of a cell below it, as soon as they are known; the cell does not wait for them.
 * A cell that has failed by then has said enough.
 */
export async function showTypeErrors(
  kernel: Kernel,
  parent: Parent,
  executionCount: number,
  running: Promise<CellOutcome>,
): Promise<void> {
  let failed = false;
  const ended = running.then(({ status }) => void (failed = status === "error"));
  await Promise.race([ended, sleep(HEAD_START_MS)]);
  await nextLull(kernel);
  await kernel.language.startSoon();
  if (failed) return;
  const findings = await typeErrors(kernel, executionCount);
  if (failed || findings.length === 0) return;
  kernel.publish(parent, "display_data", {
    data: findingsBundle(findings, executionCount),
    metadata: {},
    transient: {},
  });
}

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
