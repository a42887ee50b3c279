import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { createCellEngine } from "../../kernel/cells/create-cell-engine.js";
import { unregisterCustom } from "../../src/index.js";
import { notebook } from "../kernel/magics/notebook.js";

/** The blocks of a page that are cells, as a reader pastes them. */
function cellsOf(page: string): string[] {
  const blocks = [...fs.readFileSync(page, "utf8").matchAll(/^```(?:ts|text)\n([^]*?)^```$/gm)];
  return blocks.map(([, text]) => text!);
}

describe("what a reader pastes from the documentation", function () {
  this.timeout(60_000);
  const root = process.cwd();
  let folder: string;

  before(() => {
    folder = fs.mkdtempSync(path.join(root, "notebooks", "scratch-pasted-"));
    fs.symlinkSync(path.join(root, "notebooks", "models"), path.join(folder, "models"), "junction");
    fs.cpSync(path.join(root, "notebooks", "lesson.ts"), path.join(folder, "lesson.ts"));
    process.chdir(folder);
  });

  after(() => {
    process.chdir(root);
    fs.rmSync(folder, { recursive: true });
    unregisterCustom("MyAttention");
  });

  /** Runs the cells of a page in one notebook; what each showed, in plain text. */
  async function paste(page: string): Promise<{ cells: string[]; texts: string[] }> {
    const { run, shown } = notebook(createCellEngine({ folder }), folder);
    const cells = cellsOf(path.join(root, "docs", page));
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
    return { cells, texts };
  }

  it("tutorial.md: from top to bottom, and each cell says what the page says", async () => {
    const { cells, texts } = await paste("tutorial.md");
    const told = (cell: RegExp) => texts[cells.findIndex((text) => cell.test(text))]!;
    assert.match(told(/^%load_model models\/custom_attention/), /waits for 1 decision/);
    assert.match(told(/identity-stub/), /run through 1 stub/);
    assert.match(told(/undo/), /waits for 1 decision/);
    assert.match(told(/^%step$/m), /custom_attention \(Functional\)/);
    assert.match(told(/^%compare/), /agrees? to 0\.0000?1/);
    assert.match(told(/--recipe/), /custom_attention \(Functional\)/);
    assert.ok(fs.existsSync(path.join(folder, "scratch", "repaired_layers.py")));
  });

  for (const page of ["training.md", "saving.md"]) it(page, async () => void (await paste(page)));

  it("stepping.md", async () => {
    unregisterCustom("MyAttention");
    await paste("stepping.md");
  });
});
