import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { createCellEngine } from "../../kernel/cells/create-cell-engine.js";
import { unregisterCustom } from "../../src/index.js";
import { notebook } from "../kernel/magics/notebook.js";

/** The blocks of the page that are cells, as a reader pastes them. */
function cellsOf(page: string): string[] {
  const blocks = [...fs.readFileSync(page, "utf8").matchAll(/^```(?:ts|text)\n([^]*?)^```$/gm)];
  return blocks.map(([, text]) => text!);
}

describe("docs/tutorial.md", () => {
  let folder: string;
  let shellFolder: string;

  before(() => {
    folder = fs.mkdtempSync(path.join(path.resolve("notebooks"), "scratch-tutorial-"));
    fs.symlinkSync(path.resolve("notebooks", "models"), path.join(folder, "models"), "junction");
    shellFolder = process.cwd();
    process.chdir(folder);
  });

  after(() => {
    process.chdir(shellFolder);
    fs.rmSync(folder, { recursive: true });
    unregisterCustom("MyAttention");
  });

  it("runs from top to bottom as it is pasted, and says what it says", async function () {
    this.timeout(60_000);
    const { run, shown } = notebook(createCellEngine({ folder }), folder);
    const cells = cellsOf(path.join(shellFolder, "docs", "tutorial.md"));
    const texts: string[] = [];
    for (const cell of cells) {
      const before = shown.bundles.length;
      await run(cell);
      texts.push(
        shown.bundles
          .slice(before)
          .map(({ data }) => String(data["text/plain"]))
          .join("\n"),
      );
    }
    const told = (cell: RegExp) => texts[cells.findIndex((text) => cell.test(text))]!;
    assert.match(told(/^%load_model models\/custom_attention/), /waits for 1 decision/);
    assert.match(told(/identity-stub/), /run through 1 stub/);
    assert.match(told(/undo/), /waits for 1 decision/);
    assert.match(told(/^%step$/m), /custom_attention \(Functional\)/);
    assert.match(told(/^%compare/), /agrees? to 0\.0000?1/);
    assert.match(told(/--recipe/), /custom_attention \(Functional\)/);
    assert.ok(fs.existsSync(path.join(folder, "scratch", "repaired_layers.py")));
  });
});
