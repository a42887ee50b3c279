import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { requireJupyter, root } from "./jupyter-server.js";
import { assertOutputs, codeCells, copyNotebooks, type Notebook, readNotebook } from "./notebook.js";
import { oneAhead } from "./one-ahead.js";

const run = promisify(execFile);

const notebooks = readdirSync(join(root, "notebooks")).filter((name) => name.endsWith(".ipynb"));

describe("nbclient", function () {
  this.timeout(120_000);

  let folder: string;
  let python: string;
  before(function () {
    python = requireJupyter(this);
    folder = mkdtempSync(join(tmpdir(), "loadlab-nbclient-"));
    copyNotebooks(folder);
  });
  after(() => {
    if (folder) rmSync(folder, { recursive: true });
  });

  it("finds the notebooks that teach", () => assert.ok(notebooks.length >= 8));

  const executed = oneAhead(notebooks, async (name) => {
    const script = join(root, "test", "end-to-end", "execute_notebook.py");
    const { stdout } = await run(python, [script, join(folder, name)], { maxBuffer: 64 * 1024 * 1024 });
    return JSON.parse(stdout) as Notebook;
  });

  for (const name of notebooks) {
    it(`runs ${name} with the outputs that the notebook shows`, async () => {
      const stored = codeCells(readNotebook(join(root, "notebooks", name)));
      for (const [i, cell] of codeCells(await executed(name)).entries()) {
        assertOutputs(cell.outputs ?? [], stored[i]!);
      }
    });
  }
});
