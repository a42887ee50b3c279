// npm run screenshots:language: what the language gives in JupyterLab: completion, hover, signature help, a type
// error below its cell, a traceback. In light and dark, the last two in a narrow window too.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "./setup/build.mjs";
import { installKernelspec } from "./setup/kernelspec.mjs";
import { installPythonPackages, VENV_PYTHON } from "./setup/python.mjs";
import { inRoot } from "./setup/repository.mjs";

await build();
await installPythonPackages("lab");
await installKernelspec();

const { JupyterServer } = await import("../dist/test/end-to-end/jupyter-server.js");
const { findBrowser, LabPage, launchBrowser } = await import("../dist/test/end-to-end/lab-page.js");

const { notebookOf } = await import("../dist/test/end-to-end/notebook.js");

const CELLS = {
  setup: `import * as tf from "@tensorflow/tfjs";

interface Sample { name: string; pixels: number[]; label?: string }
const samples: Sample[] = [{ name: "a.png", pixels: [0, 128, 255] }];

/** Mean of the pixels, from 0 to 1. @param sample its pixels count from 0 to 255 */
function brightness(sample: Sample, gamma = 1): number {
  return sample.pixels.reduce((sum, p) => sum + (p / 255) ** gamma, 0) / sample.pixels.length;
}`,
  completion: `tf.ten`,
  hover: `tf.layers.dense`,
  signature: `brightness(`,
  error: `const dark: string = brightness(samples[0]);
samples.map((sample) => sample.lable)`,
  traceback: `function check(sample: Sample) {
  if (sample.pixels.length < 4)
    throw new RangeError(sample.name + " is too small");
}
for (const sample of samples) check(sample);`,
};

const folder = mkdtempSync(join(tmpdir(), "loadlab-screenshots-"));
writeFileSync(join(folder, "language.ipynb"), notebookOf(Object.values(CELLS)));
const images = inRoot("docs", "images");
mkdirSync(images, { recursive: true });
const server = await JupyterServer.start(VENV_PYTHON, folder);
const browser = await launchBrowser(findBrowser());
try {
  await pictures("", "JupyterLab Light");
  await pictures("-dark", "JupyterLab Dark");
} finally {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true });
}

async function pictures(suffix, theme) {
  const lab = await LabPage.open(browser, server, "language.ipynb", { width: 1000, height: 800 });
  await lab.theme(theme);
  await lab.command("application:toggle-left-area");
  await lab.page.addStyleTag({ content: ".Toastify { display: none }" }); // JupyterLab asks about news
  await run(lab, "interface Sample");
  await run(lab, "const dark");
  await lab.cell("const dark").locator(".jp-OutputArea-output", { hasText: "TS2" }).waitFor();
  await lab.cell("const dark").screenshot({ path: join(images, `type-error${suffix}.png`) });
  await run(lab, "function check");
  await lab.cell("function check").screenshot({ path: join(images, `traceback${suffix}.png`) });
  await popup(lab, /^tf\.ten$/, "Tab", ".jp-Completer", `completion${suffix}.png`);
  await popup(lab, /^tf\.layers\.dense$/, "Shift+Tab", ".jp-Tooltip", `hover${suffix}.png`);
  await popup(lab, /^brightness\($/, "Shift+Tab", ".jp-Tooltip", `signature${suffix}.png`);
  if (suffix === "") {
    await lab.page.setViewportSize({ width: 480, height: 800 });
    await lab.cell("const dark").screenshot({ path: join(images, "type-error-narrow.png") });
    await lab.cell("function check").screenshot({ path: join(images, "traceback-narrow.png") });
  }
  await lab.page.close();
}

async function run(lab, text) {
  const cell = lab.cell(text);
  await cell.locator(".cm-content").click();
  await lab.page.keyboard.press("Control+Enter");
  await cell.locator(".jp-InputPrompt", { hasText: /\[\d+\]/ }).waitFor({ timeout: 60_000 });
}

/** A cell and what a key opens at its end. */
async function popup(lab, text, key, selector, name) {
  const { page } = lab;
  const cell = lab.cell(text);
  await cell.locator(".cm-content").click();
  await page.keyboard.press("Control+End");
  await page.waitForTimeout(500);
  await page.keyboard.press(key);
  const opened = page.locator(selector).last();
  await opened.waitFor({ timeout: 30_000 });
  await page.waitForTimeout(800); // documentation and layout follow
  const boxes = [await cell.boundingBox(), await opened.boundingBox()];
  const left = Math.min(...boxes.map(({ x }) => x));
  const top = Math.min(...boxes.map(({ y }) => y)) - 4;
  const right = Math.max(...boxes.map(({ x, width }) => x + width));
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height)) + 4;
  await page.screenshot({
    path: join(images, name),
    clip: { x: left, y: top, width: right - left, height: Math.min(bottom, 800) - top },
  });
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
}
