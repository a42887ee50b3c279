import vm from "node:vm";
import { cellInterrupted } from "../../src/runtime/memory/current-cell.js";
import { takeChangesBack } from "../../src/with-change.js";

/** Ends a call that never returns as a stop of a cell does: where it stands, without `finally`. */
export function endMidway(run: () => unknown): void {
  try {
    vm.runInNewContext("run()", { run }, { timeout: 100 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
  }
  takeChangesBack();
  cellInterrupted(true);
}

/** What never returns. */
export function forEver(): never {
  for (;;);
}
