// npm run screenshots: the pictures of the documentation, from a real run in JupyterLab in Chromium.
import { mkdirSync } from "node:fs";
import { build } from "./setup/build.mjs";
import { installKernelspec } from "./setup/kernelspec.mjs";
import { installPythonPackages, VENV_PYTHON } from "./setup/python.mjs";
import { inRoot } from "./setup/repository.mjs";

await build();
await installPythonPackages("lab");
await installKernelspec();

const { JupyterServer } = await import("../dist/test/end-to-end/jupyter-server.js");
const { findBrowser, LabPage, launchBrowser } = await import("../dist/test/end-to-end/lab-page.js");

const folder = inRoot("docs", "images");
mkdirSync(folder, { recursive: true });
const server = await JupyterServer.start(VENV_PYTHON, inRoot("notebooks"));
const browser = await launchBrowser(findBrowser());
try {
  const lab = await LabPage.open(browser, server, "first-light.ipynb");
  // A cell taller than the page is cut.
  await lab.page.setViewportSize({ width: 1280, height: 1100 });
  await runUpTo(lab, "--as classifier");
  await picture(lab, "--as classifier", "problem-card.png");
  await lab.theme("JupyterLab Dark");
  await picture(lab, "--as classifier", "problem-card-dark.png");
} finally {
  await browser.close();
  await server.stop();
}

/** The load waits there: the cells below it would end it. */
async function runUpTo(lab, cellText) {
  await lab.command("notebook:clear-all-cell-outputs");
  await lab.cell(cellText).locator(".cm-content").click();
  await lab.command("notebook:run-all-above");
  await lab.command("notebook:run-cell");
  await lab.cell(cellText).locator("button:enabled", { hasText: "Apply" }).first().waitFor();
  // The caret is no part of the picture.
  await lab.command("notebook:enter-command-mode");
}

/** A cell with its output. */
async function picture(lab, cellText, name) {
  const cell = lab.cell(cellText);
  await cell.scrollIntoViewIfNeeded();
  await cell.screenshot({ path: `${folder}/${name}` });
}
