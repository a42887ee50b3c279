import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { requireJupyter, root } from "./jupyter-server.js";
import { assertOutputs, codeCells, type Notebook, readNotebook } from "./notebook.js";

const run = promisify(execFile);

const notebooks = readdirSync(join(root, "notebooks")).filter((name) => name.endsWith(".ipynb"));

describe("nbclient", function () {
  this.timeout(120_000);

  it("finds the notebooks that teach", () => assert.ok(notebooks.length >= 8));

  for (const name of notebooks) {
    it(`runs ${name} with the outputs that the notebook shows`, async function () {
      const python = requireJupyter(this);
      const path = join(root, "notebooks", name);
      const script = join(root, "test", "end-to-end", "execute_notebook.py");
      const { stdout } = await run(python, [script, path], { maxBuffer: 64 * 1024 * 1024 });
      const stored = codeCells(readNotebook(path));
      for (const [i, cell] of codeCells(JSON.parse(stdout) as Notebook).entries()) {
        assertOutputs(cell.outputs ?? [], stored[i]!);
      }
    });
  }
});
