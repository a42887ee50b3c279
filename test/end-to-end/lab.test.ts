import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./jupyter-server.js";
import { labInBrowser } from "./lab-in-browser.js";
import { LabPage } from "./lab-page.js";
import { codeCells, copyNotebooks, readNotebook } from "./notebook.js";
import { oneAhead } from "./one-ahead.js";

describe("JupyterLab in Chromium", function () {
  this.timeout(180_000);
  const started = labInBrowser(copyNotebooks);

  it("runs first-light.ipynb, and a person sees what it promises", async () => {
    const lab = await LabPage.open(started.browser, started.server, "first-light.ipynb");
    await lab.runAllCells();

    assert.match(await lab.outputOf("interface Reading"), /workshop: 70\.7 °F/);
    assert.match(await lab.outputOf("readdir"), /custom_attention\.h5, gestures\.h5, mnist_cnn\.h5/);
    assert.match(await lab.outputOf("new Map"), /21\.5/);
    assert.match(await lab.outputOf("kelvin(-300)"), /RangeError.*below absolute zero[^]*Cell \[4\].*2:32/);

    const summary = await lab.outputOf("%load_model models/mnist_cnn.h5");
    assert.match(summary, /conv2d_1\s+Conv2D\s+\(None, 11, 11, 16\)\s+1,168/);
    assert.match(await lab.outputOf('kerasReference("mnist_cnn")'), /digits: 2 4 7 9\n.*1e-5: true/);

    await lab.cell("--as classifier").getByText("What Keras says about it").click();
    const card = await lab.outputOf("--as classifier");
    for (const told of [/MyAttention/, /\(16, 8\)/, /units/, /lstm/, /hidden/, /Unknown layer/]) {
      assert.match(card, told);
    }
    assert.match(await lab.outputOf(/^%step$/), /attention[^]*MyAttention[^]*\(None, 16\)/);
    assert.match(await lab.outputOf('kerasReference("custom_attention")'), /labels: 1 1 1 2\n.*1e-5: true/);
    assert.deepEqual(lab.errors, []);
  });

  const names = readdirSync(join(root, "notebooks")).filter((file) => /^\d.*\.ipynb$/.test(file));
  const ran = oneAhead(names, async (name) => {
    const lab = await LabPage.open(started.browser, started.server, name);
    await lab.runAllCells();
    const errorOutputs = await lab.errorOutputs();
    await lab.page.close();
    return { errorOutputs, errors: lab.errors };
  });

  for (const name of names) {
    it(`runs ${name}, with errors only where it means them`, async () => {
      const { errorOutputs, errors } = await ran(name);
      const cells = codeCells(readNotebook(join(root, "notebooks", name)));
      const meant = cells.flatMap((cell) => cell.outputs ?? []).filter((out) => out.output_type === "error");
      assert.equal(errorOutputs, meant.length);
      assert.deepEqual(errors, []);
    });
  }
});
