// npm run screenshots:debugger: pictures of the debugger in docs/images, from a real run in JupyterLab in Chromium.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
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
const { DebuggedPage } = await import("../dist/test/end-to-end/debugged-page.js");
const { findBrowser, launchBrowser } = await import("../dist/test/end-to-end/lab-page.js");
const { notebookOf } = await import("../dist/test/end-to-end/notebook.js");

const ATTENTION = `%%register_custom MyAttention
import * as tf from "@tensorflow/tfjs";
class MyAttention extends tf.layers.Layer {
  build(shape: number[]) {
    const width: number = shape.at(-1)!;
    const units = 8;
    this.addWeight("W", [width, units], "float32", tf.initializers.zeros());
    super.build(shape as tf.Shape);
  }
  call([input]: tf.Tensor[]) {
    return input.sum(1);
  }
}`;
const LOAD = "%load_model models/custom_attention.h5";

const images = inRoot("docs", "images");
mkdirSync(images, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), "loadlab-pictures-"));
cpSync(inRoot("notebooks", "models"), join(folder, "models"), { recursive: true });
writeFileSync(join(folder, "attention.ipynb"), notebookOf([ATTENTION, LOAD]));
const server = await JupyterServer.start(VENV_PYTHON, folder);
const browser = await launchBrowser(findBrowser());
try {
  const lab = await DebuggedPage.open(browser, server, "attention.ipynb");
  await lab.hideFiles();
  await lab.turnOn();
  await lab.clickGutter(ATTENTION, 7);
  await lab.run(ATTENTION);
  await lab.run(LOAD);
  await lab.stopped();
  await lab.variables();
  await lab.page.screenshot({ path: join(images, "debugger.png") });
  await lab.theme("JupyterLab Dark");
  await lab.page.screenshot({ path: join(images, "debugger-dark.png") });
  await lab.command("debugger:continue");
  await lab.outputOf(LOAD);
  await lab.page.waitForTimeout(500);
  await lab.theme("JupyterLab Light");
  await lab.page.screenshot({ path: join(images, "debugger-variables.png") });
} finally {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true });
}
