import { stripVTControlCharacters } from "node:util";
import { createCellEngine } from "../../../kernel/cells/create-cell-engine.js";
import { traceback } from "../../../kernel/cells/errors/traceback.js";

/** Runs cells in a folder; what the last of them throws, as plain lines without frames of the test itself. */
export async function failureOf(folder: string, ...cells: string[]) {
  const engine = createCellEngine({ folder });
  for (const [index, code] of cells.entries())
    try {
      await engine.run({ code, executionCount: index + 1 });
    } catch (error) {
      const { ename, evalue, traceback: lines } = traceback(error, engine.scope);
      const plain = lines.map((line) => stripVTControlCharacters(line)).join("\n");
      return {
        ename,
        evalue,
        lines: plain.split("\n").filter((line) => !/ at .*mocha|\.test\.[jt]s|failure-of/.test(line)),
        colored: lines,
      };
    }
  throw new Error("No cell failed.");
}
