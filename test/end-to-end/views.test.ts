import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, Locator, Page } from "playwright-core";
import { seriousViolations } from "./accessibility.js";
import { JupyterServer, requireJupyter, root } from "./jupyter-server.js";
import { findBrowser, LabPage, launchBrowser } from "./lab-page.js";
import { notebookOf } from "./notebook.js";

/** Where the pictures of the documentation go, when they are wanted: LOADLAB_PICTURES=docs/images. */
const PICTURES = process.env["LOADLAB_PICTURES"];

/** More parameters than travel with the summary, a nested model, a layer that is not trained. */
const MODEL = `import * as tf from "@tensorflow/tfjs";
const encoder = tf.sequential({ name: "encoder", layers: [
  tf.layers.dense({ name: "wide", units: 700, inputShape: [500], activation: "relu" }),
  tf.layers.batchNormalization({ name: "norm" }),
  tf.layers.dense({ name: "narrow", units: 8, trainable: false }) ] });
const x = tf.input({ shape: [500], name: "x" });
const h = encoder.apply(x);
const net = tf.model({ name: "branches", inputs: x, outputs: tf.layers.add({ name: "sum" }).apply([
  tf.layers.dense({ name: "left", units: 2 }).apply(h), tf.layers.dense({ name: "right", units: 2 }).apply(h)]) });`;

const CELLS = [
  MODEL,
  "%summary net",
  "%model_graph net",
  "%load_model models/custom_attention.h5 --as waiting",
  "%model_graph waiting",
  "const t = tf.range(0, 2 * 12 * 10 * 3).reshape([2, 12, 10, 3]); t",
  "%%profile\nnet.predict(tf.ones([4, 500]));",
  'const long = tf.sequential({ name: "long", layers: Array.from({ length: 60 }, (_, i) => tf.layers.dense({ name: `block_${i}_${"expanded_path_".repeat(8)}`, units: 2, inputShape: [2] })) });\n%summary long',
];

describe("the views of models and tensors in Chromium", function () {
  this.timeout(180_000);
  let folder: string;
  let python: string;
  let server: JupyterServer | undefined;
  let browser: Browser | undefined;
  let lab: LabPage;
  let page: Page;

  before(async function () {
    python = requireJupyter(this);
    const executable = findBrowser();
    if (executable === null) {
      console.log("      skipped, since there is no Chromium or Chrome (CHROMIUM may name one)");
      this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), "loadlab-views-"));
    cpSync(join(root, "notebooks", "models"), join(folder, "models"), { recursive: true });
    writeFileSync(join(folder, "views.ipynb"), notebookOf(CELLS));
    server = await JupyterServer.start(python, folder);
    browser = await launchBrowser(executable);
    lab = await LabPage.open(browser, server, "views.ipynb");
    page = lab.page;
    page.setDefaultTimeout(20_000);
    await lab.command("application:toggle-left-area");
    // JupyterLab's offer of news would lie over what is looked at.
    await page
      .getByRole("button", { name: "No", exact: true })
      .click({ timeout: 3000 })
      .catch(() => {});
    await lab.runAllCells();
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  async function outputOf(text: string): Promise<Locator> {
    await lab.outputOf(text);
    return lab.cell(text).locator(".loadlab-output").first();
  }

  async function picture(element: Locator, name: string): Promise<void> {
    if (PICTURES === undefined) return;
    mkdirSync(PICTURES, { recursive: true });
    await element.scrollIntoViewIfNeeded();
    await element.screenshot({ path: join(PICTURES, name) });
  }

  it("sorts, filters and folds layers, and opens them to what the kernel knows", async () => {
    const view = await outputOf("%summary net");
    const names = () => view.locator(".loadlab-layer td:first-child").allInnerTexts();
    assert.deepEqual(
      (await names()).map((name) => /[a-z]+/.exec(name)![0]),
      [...["x", "encoder", "wide", "norm", "narrow", "left", "right", "sum"]],
    );

    await view.getByRole("row", { name: /^wide Dense/ }).click();
    const detail = view.locator(".loadlab-detail", { hasText: "float32" });
    await detail.waitFor();
    assert.match(
      await detail.innerText(),
      /units=700[^]*kernel\s+\(500, 700\)\s+float32\s+-0\.\d+ to 0\.\d+/,
    );
    assert.equal(await detail.locator('img[alt^="Histogram from"]').count(), 1);
    await picture(view, "layers.png");

    await view.getByRole("button", { name: "Fold all", exact: true }).click();
    assert.equal((await names()).length, 5);
    await view.getByLabel("only trainable").check();
    assert.deepEqual(await names(), ["encoder/wide", "encoder/norm", "left", "right"]);
    await view.getByRole("button", { name: /^Parameters/ }).click();
    await view.getByRole("button", { name: /^Parameters/ }).click();
    assert.deepEqual(await names(), ["encoder/wide", "encoder/norm", "left", "right"].sort(bySize));
    await view.getByLabel("Filter").fill("right");
    assert.deepEqual(await names(), ["right"]);
    assert.equal(await view.getByRole("status").innerText(), "1 of 8 layers");

    // By keys alone: open the row, go to the layer that it is called on.
    await view.getByRole("treegrid").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await view.getByRole("button", { name: "encoder", exact: true }).click();
    assert.equal((await names()).length, 5, "what was filtered is there again");
    assert.match(await view.locator(".loadlab-active").innerText(), /encoder/);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    assert.match(await view.locator(".loadlab-active").innerText(), /wide/);
    assert.equal(await lab.cell("").count(), CELLS.length, "no key reached the notebook");
  });

  it("keeps each layer on one line however long its name is, and scrolls to the last", async () => {
    const view = await outputOf("%summary long");
    const rows = view.locator(".loadlab-layer");
    const heights = () =>
      rows.evaluateAll((all) => all.map((row) => (row as unknown as { offsetHeight: number }).offsetHeight));
    assert.deepEqual([...new Set(await heights())], [26]);
    assert.match(
      (await rows.first().locator("td").first().getAttribute("title"))!,
      /^block_0_(expanded_path_){8}/,
    );
    await view
      .locator(".loadlab-scroll")
      .evaluate((box) => ((box as unknown as { scrollTop: number }).scrollTop = 1e6));
    await view.getByRole("row", { name: /^block_59_/ }).waitFor();
    assert.ok(await view.getByRole("row", { name: /^block_59_/ }).isVisible());
  });

  it("folds a model's picture by clicks and keys, saves it, and marks where a load waits", async () => {
    const view = await outputOf("%model_graph net");
    const boxes = view.locator(".loadlab-box");
    assert.equal(await boxes.count(), 7);
    await view.locator('.loadlab-frame[data-id="encoder"]').focus();
    await page.keyboard.press("Enter");
    await view.locator('.loadlab-box[data-id="encoder"]').waitFor();
    assert.equal(await boxes.count(), 5);
    await picture(view, "model-graph-folded.png");
    await view.locator('.loadlab-box[data-id="encoder"]').click();
    await view.locator('.loadlab-frame[data-id="encoder"]').waitFor();
    await picture(view, "model-graph.png");

    const width = async () => (await view.locator("svg").boundingBox())!.width;
    const before = await width();
    await view.getByRole("button", { name: "Zoom in" }).click();
    assert.ok((await width()) > before * 1.2);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      view.getByRole("button", { name: "Save as SVG" }).click(),
    ]);
    assert.equal(download.suggestedFilename(), "branches.svg");
    assert.match(readFileSync(await download.path(), "utf8"), /^<svg[^]*>encoder<[^]*<\/svg>$/);

    const waiting = await outputOf("%model_graph waiting");
    assert.match(
      await waiting.locator(".loadlab-box-wrong").innerHTML(),
      /attention[^]*✗ The class MyAttention is unknown/,
    );
    await picture(waiting, "model-graph-waiting.png");
  });

  it("shows parts of a tensor, and says what is wrong with an index", async () => {
    const view = await outputOf("const t = tf.range");
    await view.getByLabel("Index").fill("1, -1, 2:4");
    await page.keyboard.press("Enter");
    await view.getByText("[[696. 697. 698.]").waitFor();
    await view.getByLabel("Index").fill("5");
    await page.keyboard.press("Enter");
    await view.getByText("5 is out of range for axis 0, which has 2 elements.").waitFor();
    await view.getByLabel("Image").fill("1");
    // Pressed as long as a hand presses: what the press changes is answered before the click.
    await view.getByRole("button", { name: "Show as a picture" }).click({ delay: 300 });
    await view
      .getByRole("img", { name: "image 1 of 0 to 1 · channel 0 of 0 to 2 · black 360, white 717" })
      .waitFor();
    await picture(view, "tensor.png");
  });

  it("looks at one call of a profile closer, and sorts its tables", async () => {
    const view = await outputOf("%%profile");
    const first = view.locator(".loadlab-flame-layer").first();
    const name = (await first.getAttribute("aria-label"))!;
    await first.click();
    await view.getByRole("button", { name: "Show all" }).waitFor();
    assert.equal(await view.locator(".loadlab-flame button").first().getAttribute("aria-label"), name);
    await view.getByRole("button", { name: "Kernels", exact: true }).click();
    await view.getByRole("button", { name: /^Calls/ }).click();
    const calls = (await view.locator("tbody td:nth-child(2)").allInnerTexts()).map(Number);
    assert.deepEqual(
      calls,
      [...calls].sort((a, b) => b - a),
    );
    await picture(view, "profile.png");
  });

  it("has nothing that axe-core finds serious, in light and dark", async () => {
    const views = [
      "%summary net",
      "%model_graph net",
      "%model_graph waiting",
      "const t = tf.range",
      "%%profile",
    ];
    for (const theme of ["JupyterLab Light", "JupyterLab Dark"] as const) {
      await lab.theme(theme);
      for (const text of views) {
        const view = await outputOf(text);
        await view.evaluate((element: unknown) => ((element as { id: string }).id ||= "looked-at"));
        assert.deepEqual(await seriousViolations(page, "#looked-at"), [], `${text}, ${theme}`);
        if (theme.endsWith("Dark")) await picture(view, `${NAMES[text]!}-dark.png`);
        await view.evaluate((element: unknown) => ((element as { id: string }).id = ""));
      }
    }
    await lab.theme("JupyterLab Light");
  });

  it("keeps a static picture of each for nbconvert, GitHub and a reader without the extension", async () => {
    await lab.command("docmanager:save");
    await promisify(execFile)(python, ["-m", "nbconvert", "--to", "html", join(folder, "views.ipynb")]);
    const html = readFileSync(join(folder, "views.html"), "utf8");
    assert.match(html, /class="loadlab-summary"[^]*?3 layers inside encoder/);
    assert.equal(html.match(/alt="Graph of branches: 8 layers from x/g)?.length, 1);
    assert.match(html, /alt="Graph of custom_attention: [^"]*what is wrong is at attention"/);
    assert.match(html, /class="loadlab-tensor"/);
    assert.match(html, /class="loadlab-profile"/);
  });

  it("is there again after a reload, asks the kernel again, and says so when it has forgotten", async () => {
    await lab.command("docmanager:save");
    await page.reload();
    await page.waitForSelector(".jp-NotebookPanel .jp-CodeCell");
    const view = await outputOf("%summary net");
    await view.getByRole("row", { name: /^wide Dense/ }).click();
    await view.locator(".loadlab-detail", { hasText: "(500, 700)" }).waitFor();
    await page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.restartKernel().then(() => 0)");
    await view.getByRole("row", { name: /^left Dense/ }).click();
    await view.getByText("run the cell again").first().waitFor();
    // A restart drops what JupyterLab itself asked the debugger.
    const own = lab.errors.filter((text) => !/Canceled future for debug_request/.test(text));
    assert.deepEqual(own, []);
  });
});

/** By parameters, the most first: 700 x 500 + 700, 4 x 700, 8 x 2 + 2 twice. */
const SIZES: Readonly<Record<string, number>> = {
  "encoder/wide": 350_700,
  "encoder/norm": 2800,
  left: 18,
  right: 18,
};
const bySize = (a: string, b: string) => SIZES[b]! - SIZES[a]!;

const NAMES: Readonly<Record<string, string>> = {
  "%summary net": "layers",
  "%model_graph net": "model-graph",
  "%model_graph waiting": "model-graph-waiting",
  "const t = tf.range": "tensor",
  "%%profile": "profile",
};
