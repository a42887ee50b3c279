// npm run bench:lab: the layer table in JupyterLab in Chromium: milliseconds until 1,000 and 10,000 layers are drawn, and
// how long the frames take while 10,000 are scrolled through. Writes docs/benchmarks-lab.md. Needs .venv (npm start).
/* global window, document, requestAnimationFrame, structuredClone -- of the page */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const { JupyterServer } = await import("../dist/test/end-to-end/jupyter-server.js");
const { findBrowser, LabPage, launchBrowser } = await import("../dist/test/end-to-end/lab-page.js");
const { notebookOf } = await import("../dist/test/end-to-end/notebook.js");
const { MODEL_SUMMARY } = await import("../dist/src/display/bundle.js");

const ROUNDS = 15;
const FRAMES = 180;

const loadBefore = loadavg()[0];
const folder = mkdtempSync(path.join(tmpdir(), "loadlab-bench-"));
writeFileSync(path.join(folder, "bench.ipynb"), notebookOf(["1"]));
const server = await JupyterServer.start(path.join(ROOT, ".venv", "bin", "python"), folder);
const browser = await launchBrowser(findBrowser());
try {
  const { page } = await LabPage.open(browser, server, "bench.ipynb");
  const rows = [];
  for (const layers of [1000, 10_000]) {
    const times = await page.evaluate(inPage("drawn"), {
      type: MODEL_SUMMARY,
      data: summary(layers),
      rounds: ROUNDS,
    });
    rows.push({ layers, ...spread(times) });
  }
  const frames = await page.evaluate(inPage("scrolled"), {
    type: MODEL_SUMMARY,
    data: summary(10_000),
    frames: FRAMES,
  });
  const report = pageOf(rows, spread(frames), browser.version());
  console.log(report);
  writeFileSync(path.join(ROOT, "docs", "benchmarks-lab.md"), report);
} finally {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true });
}

/** One of the functions below, to be run in the page. */
function inPage(name) {
  return { drawn, scrolled }[name];
}

/** Milliseconds from the JSON to the picture, of each round. */
async function drawn({ type, data, rounds }) {
  const { rendermime } = window.jupyterapp.shell.currentWidget.content;
  const times = [];
  for (let round = 0; round < rounds; round++) {
    const model = rendermime.createModel({ data: { [type]: structuredClone(data) }, trusted: true });
    const began = performance.now();
    const renderer = rendermime.createRenderer(type, model);
    document.body.append(renderer.node);
    await renderer.renderModel(model);
    void renderer.node.offsetHeight; // styles and places are worked out here, not later
    times.push(performance.now() - began);
    if (renderer.node.querySelectorAll(".loadlab-layer").length < 10) throw new Error("nothing was drawn");
    renderer.node.remove();
    renderer.dispose();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return times;
}

/** Milliseconds of a frame while the table is scrolled, of each step. */
async function scrolled({ type, data, frames }) {
  const { rendermime } = window.jupyterapp.shell.currentWidget.content;
  const model = rendermime.createModel({ data: { [type]: data }, trusted: true });
  const renderer = rendermime.createRenderer(type, model);
  Object.assign(renderer.node.style, { position: "fixed", inset: "0", zIndex: 1000, background: "white" });
  document.body.append(renderer.node);
  await renderer.renderModel(model);
  const scroller = renderer.node.querySelector(".loadlab-scroll");
  const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const times = [];
  await nextFrame();
  for (let step = 0; step < frames; step++) {
    const began = performance.now();
    scroller.scrollTop += 700;
    // Drawn in the first frame, on the screen by the second.
    await nextFrame();
    await nextFrame();
    times.push((performance.now() - began) / 2);
  }
  const name = renderer.node.querySelector(".loadlab-layer td").textContent;
  if (!/[1-9]/.test(name)) throw new Error(`it did not scroll: ${name}`);
  renderer.node.remove();
  renderer.dispose();
  return times;
}

/** A model of blocks of eight layers in a row, each with a skip. */
function summary(number) {
  const classes = [
    "Conv2D",
    "BatchNormalization",
    "ReLU",
    "Conv2D",
    "BatchNormalization",
    "Add",
    "ReLU",
    "Dropout",
  ];
  const layers = Array.from({ length: number }, (_, i) => ({
    path: `block_${i >> 3}_layer_${i}`,
    name: `block_${i >> 3}_layer_${i}`,
    depth: 0,
    className: classes[i % 8],
    outputShapes: [[null, 56, 56, 64]],
    parameters: i % 8 === 0 ? 36_928 : 0,
    trainable: true,
    connectedTo: i === 0 ? [] : [`block_${(i - 1) >> 3}_layer_${i - 1}`],
    mark: null,
  }));
  const total = layers.reduce((sum, { parameters }) => sum + parameters, 0);
  return {
    ...{
      name: "resnet",
      className: "Functional",
      origin: null,
      inputs: [],
      outputs: [],
      layers,
      details: {},
      model: null,
    },
    parameters: { total, trainable: total, nonTrainable: 0, bytes: total * 4 },
  };
}

function spread(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
  return { median: at(0.5), p95: at(0.95), longest: at(1) };
}

function extensionSize() {
  const folder = path.join(ROOT, "dist", "lab", "static");
  const files = readdirSync(folder).map((name) => readFileSync(path.join(folder, name)));
  return files.reduce((sum, file) => sum + gzipSync(file).length, 0);
}

function pageOf(rows, frame, version) {
  const ms = (value) => value.toFixed(1);
  return `# Benchmarks of the JupyterLab extension

\`npm run bench:lab\` on ${new Date().toISOString().slice(0, 10)}: JupyterLab in Chromium ${version}, Node ${process.version},
${cpus().length} cores (${cpus()[0].model}), load ${loadBefore.toFixed(1)} before it began.

From the JSON of a layer table to the table on the page, read, checked, drawn and laid out, in milliseconds (${ROUNDS} rounds; the
bar for 1,000 layers is 200):

| Layers | Median | 95 % | Longest |
| ---: | ---: | ---: | ---: |
${rows.map(({ layers, median, p95, longest }) => `| ${layers.toLocaleString("en-US")} | ${ms(median)} | ${ms(p95)} | ${ms(longest)} |`).join("\n")}

A frame while 10,000 layers are scrolled through, 700 pixels at a time (${FRAMES} times): ${ms(frame.median)} ms (median), ${ms(frame.p95)} (95 %),
${ms(frame.longest)} (longest); at 60 frames a second it is 16.7.

The extension is ${(extensionSize() / 1000).toFixed(1)} kB, compressed with gzip (the bar is 300).
`;
}
