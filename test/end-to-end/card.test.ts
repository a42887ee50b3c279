import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { PROBLEM_CARD } from "../../src/display/bundle.js";
import { hostileReport, waitingReport } from "../src/display/sample-report.js";
import { seriousViolations } from "./accessibility.js";
import { writeBrokenModels } from "./broken-models.js";
import { JupyterServer, requireJupyter, root } from "./jupyter-server.js";
import { findBrowser, LabPage, launchBrowser } from "./lab-page.js";

/** Where the pictures of the documentation go, when they are wanted: LOADLAB_PICTURES=docs/images. */
const PICTURES = process.env["LOADLAB_PICTURES"];

const CLASS = `import * as tf from "@tensorflow/tfjs";
class Pooling extends tf.layers.Layer {
  build(shape) { this.addWeight("w", [16, 8]); this.addWeight("b", [8]); this.addWeight("v", [8, 1]); super.build(shape); }
  computeOutputShape([batch, , features]) { return [batch, features]; }
  call(x) { return (Array.isArray(x) ? x[0] : x).mean(1); }
}`;

/** The part of the DOM's Element that is measured; the project has no DOM types. */
interface Box {
  readonly clientWidth: number;
  readonly scrollWidth: number;
}

describe("the problem card in Chromium", function () {
  this.timeout(180_000);
  let folder: string;
  let server: JupyterServer | undefined;
  let browser: Browser | undefined;
  let lab: LabPage;
  let page: Page;

  before(async function () {
    const python = requireJupyter(this);
    const executable = findBrowser();
    if (executable === null) {
      console.log("      skipped, since there is no Chromium or Chrome (CHROMIUM may name one)");
      this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), "loadlab-card-"));
    cpSync(join(root, "notebooks", "models"), folder, { recursive: true });
    await writeBrokenModels(folder);
    writeNotebooks(folder);
    server = await JupyterServer.start(python, folder);
    browser = await launchBrowser(executable);
    lab = await LabPage.open(browser, server, "clicks.ipynb");
    page = lab.page;
    page.setDefaultTimeout(30_000);
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  /** The card below a cell, once it can be used. */
  async function usableCard(text: string): Promise<Locator> {
    const card = lab.cell(text).locator(".loadlab-output");
    await card.locator('.loadlab-actions button[aria-disabled="false"]').first().waitFor();
    return card;
  }

  async function runCell(text: string): Promise<void> {
    const index = await lab.read<number>(
      `panel.content.widgets.findIndex(({ model }) => model.sharedModel.source.includes(${JSON.stringify(text)}))`,
    );
    // At once: a click before may have JupyterLab make its own cell the active one in between.
    await page.evaluate(`(() => {
      window.jupyterapp.shell.currentWidget.content.activeCellIndex = ${index};
      return window.jupyterapp.commands.execute("notebook:run-cell").then(() => 0);
    })()`);
  }

  const title = (card: Locator, text: string) =>
    card.locator(".loadlab-title", { hasText: text }).first().waitFor();
  const apply = (card: Locator, name: string) => card.getByRole("button", { name: `Apply: ${name}` });

  async function picture(element: Locator, name: string): Promise<void> {
    if (PICTURES === undefined) return;
    mkdirSync(PICTURES, { recursive: true });
    await element.scrollIntoViewIfNeeded();
    await element.screenshot({ path: join(PICTURES, name) });
  }

  it("lets a model be repaired by clicks alone: weights are dragged to their layers, and it predicts as it should", async () => {
    await runCell("%load_model shuffled.h5");
    const card = await usableCard("%load_model shuffled.h5");
    await title(card, "shuffled.h5 waits for 1 decision");
    await picture(card, "match-weights.png");
    assert.deepEqual(await seriousViolations(page, ".loadlab-output"), []);

    const chip = (name: string) => card.locator(".loadlab-chip", { hasText: name });
    const row = (name: string) => card.locator(".loadlab-match tr", { hasText: name });
    await chip("dense_11").dragTo(row("second"));
    await row("first").getByText("dense_13").waitFor();
    await row("second").getByText("dense_11").waitFor();
    await apply(card, "Take the pairs").click();
    await title(card, "shuffled.h5 is loaded");
    await runCell("%load_model whole.h5");
    await runCell("largest difference");
    assert.match(await lab.outputOf("largest difference"), /^largest difference: 0$/m);
    const kept = await lab.read<{ state: string; decisions: { argument: string }[] }>(
      `panel.content.widgets[0].model.outputs.get(0).data[${JSON.stringify(PROBLEM_CARD)}]`,
    );
    assert.equal(kept.state, "loaded");
    assert.deepEqual(JSON.parse(kept.decisions[0]!.argument), {
      first: "dense_13",
      second: "dense_11",
      out: "dense_14",
    });
  });

  it("takes a class of the notebook, says what is wrong with an argument where it was typed, and takes back", async () => {
    await runCell("class Pooling");
    await runCell("--as classifier");
    const card = await usableCard("--as classifier");
    await picture(card, "problem-card-live.png");
    await card.getByLabel(/Give zeros of the output shape.*shape/).fill("16, x");
    await apply(card, "Give zeros of the output shape").click();
    await card.getByText("16, x is no shape").waitFor();
    assert.equal(await card.locator('input[aria-invalid="true"]').count(), 1);

    await apply(card, "Let its input through").click();
    await title(card, "custom_attention.h5 is loaded");
    await card.getByRole("button", { name: "Undo" }).click();
    await title(card, "waits for 1 decision");
    await card.getByRole("combobox", { name: /Register a class/ }).selectOption("Pooling");
    await card.getByRole("button", { name: "Use it" }).click();
    await title(card, "custom_attention.h5 is loaded");
    await picture(card, "problem-card-loaded.png");
    await runCell("classifier.predict");
    assert.match(await lab.outputOf("classifier.predict"), /^shape: 2,3$/m);
    await runCell("--remove");
  });

  it("writes the skeleton into a cell below, and sees when it is registered", async () => {
    await runCell("--as written");
    const card = await usableCard("--as written");
    const cells = () => lab.read<number>("panel.content.widgets.length");
    const before = await cells();
    await card.getByRole("button", { name: "Write it in a cell below" }).click();
    await page.waitForFunction(
      `window.jupyterapp.shell.currentWidget.content.widgets.length === ${before + 1}`,
    );
    const source = await lab.read<string>("panel.content.activeCell.model.sharedModel.source");
    assert.match(source, /^%%register_custom MyAttention\n[^]*class MyAttention extends tf\.layers\.Layer/);
    await card.getByText(/skeleton is in the cell below/).waitFor();
  });

  it("goes on after a reload of the page, in the middle of a load", async () => {
    await runCell("--as stepped");
    await (await usableCard("--as stepped")).getByRole("button", { name: "Next step" }).click();
    await lab.cell("--as stepped").getByText("read", { exact: false }).first().waitFor();
    await lab.command("docmanager:save");
    await page.reload();
    await lab.kernelIsIdle();
    const card = await usableCard("--as stepped");
    await card.getByRole("button", { name: "Go on to the end" }).click();
    await title(card, "whole.h5 is loaded");
    await runCell("stepped.layers.length");
    assert.match(await lab.outputOf("stepped.layers.length"), /layers: [34]/);
    await lab.command("docmanager:save");
    const saved = readFileSync(join(folder, "clicks.ipynb"), "utf8");
    assert.match(saved, /whole\.h5 is loaded/);
  });

  it("shows the same in two views, and works from either by the keyboard alone", async () => {
    await runCell("--as wide");
    const card = await usableCard("--as wide");
    await lab.command("notebook:create-output-view");
    const linked = page.locator(".jp-LinkedOutputView .loadlab-output");
    await linked.locator('.loadlab-actions button[aria-disabled="false"]').first().waitFor();
    const cells = await page.evaluate<number>(
      "document.querySelectorAll('.jp-NotebookPanel .jp-Cell').length",
    );

    // A click puts the focus in, then keys alone.
    await linked.locator(".loadlab-title").first().click();
    await linked.getByRole("button", { name: "Apply: Correct an argument" }).focus();
    await page.keyboard.press("b"); // would insert a cell, were it the notebook's
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.type("units=6");
    await page.keyboard.press("Enter");
    await title(card, "wide.h5 is loaded");
    await title(linked, "wide.h5 is loaded");
    assert.equal(
      await page.evaluate("document.activeElement.closest('.loadlab-output') !== null"),
      true,
      "the focus stays on the card",
    );
    assert.equal(
      await page.evaluate("document.querySelectorAll('.jp-NotebookPanel .jp-Cell').length"),
      cells,
    );
    await lab.command("application:close");
  });

  it("matches weights by the keyboard, and says each move", async () => {
    await runCell("--as keyed");
    const card = await usableCard("--as keyed");
    await card.locator(".loadlab-chip", { hasText: "dense_11" }).focus();
    await page.keyboard.press("Enter");
    await card.getByText("dense_11 is picked up").waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Enter");
    await card.getByRole("button", { name: "Put dense_11 beside second" }).focus();
    await page.keyboard.press("Enter");
    await card.getByText("second takes dense_11.", { exact: false }).first().waitFor();
    await card.getByRole("button", { name: "Take dense_14 away from out" }).focus();
    await page.keyboard.press("Enter");
    await card.getByText("out takes nothing").waitFor();
    assert.match(await page.evaluate("document.activeElement.textContent"), /dense_14/);
    await card.getByText("1 without a partner").waitFor();
  });

  it("waits for the cell that runs, and says so", async () => {
    await runCell("--as patient");
    const card = await usableCard("--as patient");
    void runCell("setTimeout");
    await page.waitForFunction(
      "window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'busy'",
    );
    await apply(card, "Take what the stored weights say").click();
    await card.getByText("Waits for the cell that runs").waitFor();
    writeFileSync(join(folder, "go-on"), "");
    await title(card, "wide.h5 is loaded");
    assert.match(await lab.outputOf("setTimeout"), /before: undefined/);
  });

  it("is readable and without serious barriers in both themes and in a narrow window", async () => {
    const card = await usableCard("--as keyed");
    for (const theme of ["JupyterLab Dark", "JupyterLab Light"] as const) {
      await lab.theme(theme);
      assert.deepEqual(await seriousViolations(page, ".jp-NotebookPanel .jp-OutputArea"), [], theme);
      if (theme === "JupyterLab Dark") await picture(card, "match-weights-dark.png");
    }
    await page.setViewportSize({ width: 700, height: 900 });
    const [width, scroll] = await card.evaluate(
      (node) => [(node as unknown as Box).clientWidth, (node as unknown as Box).scrollWidth] as const,
    );
    assert.ok(scroll <= width + 1, `${scroll} wide in ${width}`);
    await page.setViewportSize({ width: 1300, height: 900 });
  });

  it("says after a restart of the kernel that the cell is to be run again, and works after that", async () => {
    const card = await usableCard("--as keyed");
    await page.evaluate(
      "window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart().then(() => 0)",
    );
    await card.getByText("The kernel no longer has this load: run the cell again").waitFor();
    assert.equal(await card.getByRole("button").count(), 0);
    await runCell("--as keyed");
    await usableCard("--as keyed");
    assert.deepEqual(lab.errors, []);
  });

  it("is read-only without a kernel", async () => {
    const other = await browser!.newPage();
    await other.goto(`${server!.url}lab/tree/plain.ipynb?reset&token=${server!.token}`);
    await other
      .locator(".loadlab-output .loadlab-title", { hasText: "waits for 1 decision" })
      .waitFor({ timeout: 60_000 });
    await other.getByText("No kernel is running").waitFor();
    assert.equal(await other.locator(".loadlab-output button").count(), 0);
    assert.match(await other.locator(".loadlab-output").innerText(), /%step fix 1 identity-stub/);
    await other.close();
  });

  it("shows what a stranger's notebook has in it as text, whatever it is", async () => {
    const strange = await LabPage.open(browser!, server!, "strange.ipynb");
    const outputs = strange.page.locator(".jp-NotebookPanel .loadlab-output");
    await outputs.first().getByText("The kernel no longer has this load").waitFor();
    assert.equal(await outputs.count(), 4);
    assert.match(await outputs.nth(0).innerText(), /<script>alert\(1\)<\/script>/);
    for (const i of [1, 2, 3]) assert.equal(await outputs.nth(i).innerText(), "plain text of it");
    assert.equal(await strange.page.evaluate("window.attacked"), undefined);
    assert.equal(await outputs.locator("script, img, [onmouseover]").count(), 0);
    assert.deepEqual(strange.errors, []);
    await strange.page.close();
  });

  it("works in Notebook 7", async () => {
    const notebook = await LabPage.openNotebook(browser!, server!, "seven.ipynb");
    lab = notebook;
    page = notebook.page;
    await runCell("--as seven");
    const card = await usableCard("--as seven");
    await apply(card, "Take what the stored weights say").click();
    await title(card, "wide.h5 is loaded");
    await runCell("seven.predict");
    assert.match(await notebook.outputOf("seven.predict"), /^shape: 1,3$/m);
  });
});

function writeNotebooks(folder: string): void {
  notebook(folder, "clicks.ipynb", [
    "%load_model shuffled.h5",
    "%load_model whole.h5 --as whole",
    `import * as tf from "@tensorflow/tfjs";
const x = tf.randomNormal([4, 6]);
console.log("largest difference:", model.predict(x).sub(whole.predict(x)).abs().max().dataSync()[0]);`,
    CLASS,
    "%load_model custom_attention.h5 --as classifier",
    'console.log("shape:", String(classifier.predict(tf.zeros([2, 12])).shape));',
    "%register_custom --remove MyAttention",
    "%load_model custom_attention.h5 --as written",
    "%load_model whole.h5 --as stepped --step",
    'console.log("layers:", stepped.layers.length);',
    "%load_model wide.h5 --as wide",
    "%load_model shuffled.h5 --as keyed",
    "%load_model wide.h5 --as patient",
    `const { existsSync } = await import("node:fs");
while (!existsSync("go-on")) await new Promise((done) => setTimeout(done, 50));
console.log("before:", typeof patient);`,
  ]);
  notebook(folder, "seven.ipynb", [
    "%load_model wide.h5 --as seven",
    'import * as tf from "@tensorflow/tfjs";\nconsole.log("shape:", String(seven.predict(tf.zeros([1, 6])).shape));',
  ]);
  const card = (json: unknown) => ({
    output_type: "display_data",
    metadata: {},
    data: { [PROBLEM_CARD]: json, "text/html": "<b>html of it</b>", "text/plain": "plain text of it" },
  });
  notebook(folder, "plain.ipynb", ["%load_model custom.h5"], [[card(waitingReport())]], false);
  const strange = [
    hostileReport(),
    { session: "x" },
    "<img src=x onerror='window.attacked = 1'>",
    [1, { a: null }],
  ];
  notebook(
    folder,
    "strange.ipynb",
    strange.map(() => "1"),
    strange.map((json) => [card(json)]),
  );
}

function notebook(
  folder: string,
  name: string,
  sources: readonly string[],
  outputs: readonly object[][] = [],
  hasKernel = true,
): void {
  const cells = sources.map((source, i) => ({
    ...{ cell_type: "code", id: `cell-${i}`, metadata: {}, execution_count: null },
    ...{ source, outputs: outputs[i] ?? [] },
  }));
  const kernelspec = { name: "loadlab", display_name: "TypeScript (loadlab)", language: "typescript" };
  const metadata = hasKernel ? { kernelspec } : { kernelspec: { ...kernelspec, name: "no-such-kernel" } };
  writeFileSync(join(folder, name), JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells }));
}
