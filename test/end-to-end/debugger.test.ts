import assert from "node:assert/strict";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./jupyter-server.js";
import { DebuggedPage } from "./debugged-page.js";
import { labInBrowser } from "./lab-in-browser.js";
import { notebookOf } from "./notebook.js";

const LOOP = `const prices: number[] = [3, 4, 5];
function discounted(price: number, rate: number): number {
  const factor: number = 1 - rate;
  return price * factor;
}
const sale = prices.map((price) => discounted(price, 0.5));
sale;`;

const ATTENTION = `%%register_custom MyAttention
import * as tf from "@tensorflow/tfjs";
class MyAttention extends tf.layers.Layer {
  build(shape: number[]) {
    const width: number = shape.at(-1)!;
    this.addWeight("W", [width, 8], "float32", tf.initializers.zeros());
    super.build(shape as tf.Shape);
  }
  call(inputs: tf.Tensor[]) {
    return inputs[0];
  }
}`;
const LOAD = "%load_model models/custom_attention.h5";

describe("The debugger in JupyterLab in Chromium", function () {
  this.timeout(180_000);
  const started = labInBrowser((folder) => {
    mkdirSync(join(folder, "models"));
    cpSync(join(root, "notebooks", "models"), join(folder, "models"), { recursive: true });
    writeFileSync(join(folder, "sale.ipynb"), notebookOf([LOOP, "sale.length"]));
    writeFileSync(join(folder, "attention.ipynb"), notebookOf([ATTENTION, LOAD]));
  });

  it("stops at a line that was clicked, shows variables, steps, evaluates and goes on", async () => {
    const lab = await DebuggedPage.open(started.browser, started.server, "sale.ipynb");
    await lab.turnOn();
    await lab.clickGutter(LOOP, 3);
    await lab.run(LOOP);
    await lab.stopped();
    assert.deepEqual(await lab.callStack(), ["discounted", "(anonymous)", "(cell)"]);
    assert.match(await lab.variables(), /price[^]*3[^]*rate[^]*0\.5/);
    await lab.command("debugger:next");
    await lab.highlighted("return price * factor;");
    assert.match(await lab.variables(), /factor[^]*0\.5/);
    assert.equal(await lab.evaluate("price * 100 + rate"), "300.5");
    await lab.clickGutter(LOOP, 3); // the breakpoint goes
    await lab.command("debugger:continue");
    assert.match(await lab.outputOf("const sale"), /1\.5, 2, 2\.5/);
    assert.match(await lab.variables(), /sale/);
    assert.deepEqual(lab.errors, []);
  });

  it("stops in a custom layer while a model is loaded, with the layer in view", async () => {
    const lab = await DebuggedPage.open(started.browser, started.server, "attention.ipynb");
    await lab.turnOn();
    await lab.clickGutter(ATTENTION, 6);
    await lab.run(ATTENTION);
    await lab.run(LOAD);
    await lab.stopped();
    const [build, layer, step, load] = await lab.callStack();
    assert.equal(build, "build");
    assert.equal(layer, "layer attention (MyAttention)");
    assert.match(`${step} ${load}`, /^step \w+ load .*custom_attention\.h5$/);
    assert.match(await lab.variables(), /shape[^]*width[^]*16/);
    await lab.selectFrame(1);
    assert.match(await lab.variables(), /config[^]*stored weights/);
    await lab.command("debugger:continue");
    assert.match(await lab.outputOf(LOAD), /attention/);
    assert.deepEqual(lab.errors, []);
  });
});
