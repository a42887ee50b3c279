import type { CellEngine } from "../../../kernel/cells/cell-engine.js";
import { createCellEngine } from "../../../kernel/cells/create-cell-engine.js";
import { MAGICS } from "../../../kernel/magics/registry.js";
import { runCell, type CellValue } from "../../../kernel/magics/run-cell.js";
import type { CellOutput } from "../../../kernel/runner/cell-output.js";
import type { Bundle } from "../../../kernel/runner/messages.js";

/** What the cells of a notebook have shown. */
export interface Shown {
  stdout: string;
  bundles: Bundle[];
}

export interface Notebook {
  run(code: string): Promise<CellValue>;
  readonly scope: Record<string, unknown>;
  readonly shown: Shown;
}

/** The real engine and magics, without a kernel around them: output is collected. */
export function notebook(
  engine: CellEngine = createCellEngine({ folder: process.cwd() }),
  folder = process.cwd(),
): Notebook {
  const shown: Shown = { stdout: "", bundles: [] };
  const output: CellOutput = {
    stream: (_name, text) => (shown.stdout += text),
    display: (bundle) => shown.bundles.push(bundle),
    clear: () => undefined,
    payload: () => undefined,
    input: () => Promise.reject(new Error("no input in this test")),
  };
  let executionCount = 0;
  return {
    run: (code) =>
      runCell({ code, executionCount: ++executionCount }, { output, engine, folder, magics: MAGICS }),
    scope: engine.scope,
    shown,
  };
}
