import assert from "node:assert/strict";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { seriousViolations } from "./accessibility.js";
import { root } from "./jupyter-server.js";
import { labInBrowser } from "./lab-in-browser.js";
import { LabPage } from "./lab-page.js";
import { notebookOf } from "./notebook.js";

/** What the kernel shows beside cards, summaries, pictures and profiles, which have tests of their own. */
const CELLS = [
  "%load_model models/mnist_cnn.h5",
  "%load_model models/mnist_cnn.keras --as other",
  "%compare model other",
  "%environment models/gestures.h5",
  "%backend",
  "%memory",
  "%explain A02",
  "%load_model -h",
  '[{ layer: "dense", units: 3 }, { layer: "out", units: 1 }]',
  `import * as tf from "@tensorflow/tfjs";
const net = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [4] })] });
net.compile({ optimizer: "adam", loss: "meanSquaredError", metrics: ["mae"] });
await net.fit(tf.ones([16, 4]), tf.zeros([16, 1]), { epochs: 3, validationSplit: 0.2 });`,
  "const wrong: number = String(3);",
];

describe("other outputs in Chromium", function () {
  this.timeout(240_000);
  const jupyter = labInBrowser(fill);

  it("have nothing that axe-core finds serious, in light and dark", async () => {
    const lab = await LabPage.open(jupyter.browser, jupyter.server, "outputs.ipynb");
    await lab.runAllCells();
    for (const theme of ["JupyterLab Light", "JupyterLab Dark"] as const) {
      await lab.theme(theme);
      for (const [index, text] of CELLS.entries()) {
        const outputs = lab.page.locator(".jp-NotebookPanel .jp-CodeCell").nth(index);
        await lab.outputOf(text.split("\n").at(-1)!);
        await outputs.evaluate((cell: unknown) => ((cell as { id: string }).id = "looked-at"));
        const found = await seriousViolations(lab.page, "#looked-at .jp-OutputArea");
        assert.deepEqual(found, [], `${text}, ${theme}`);
        await outputs.evaluate((cell: unknown) => ((cell as { id: string }).id = ""));
      }
    }
    assert.deepEqual(lab.errors, []);
  });
});

function fill(folder: string): void {
  cpSync(join(root, "notebooks", "models"), join(folder, "models"), { recursive: true });
  writeFileSync(join(folder, "outputs.ipynb"), notebookOf(CELLS));
}
