import assert from "node:assert/strict";
import { unregisterCustom } from "../../../src/index.js";
import { MODELS } from "../../src/loading/reference.js";
import { notebook } from "./notebook.js";

/** What a cell printed, and its error. */
async function said(cells: readonly string[]): Promise<string> {
  const { run, shown } = notebook();
  await run(`%load_model ${MODELS}/custom_attention.h5`);
  const errors: string[] = [];
  for (const cell of cells)
    await run(cell).catch((error: unknown) =>
      errors.push(error instanceof Error ? error.message : String(error)),
    );
  const cards = shown.bundles.slice(1).map(({ data }) => String(data["text/plain"]));
  return [shown.stdout, ...cards, ...errors].join("\n");
}

describe("what %register_custom says of the load", () => {
  afterEach(() => ["MyAttention", "Attention2"].forEach((name) => void unregisterCustom(name)));

  it("names what the load waits for where another name is registered or asked for", async () => {
    const wanted =
      /The load has no Attention2: it waits for MyAttention, and that is the name to register it by\./;
    assert.match(await said(["%register_custom Attention2 = (x) => x"]), wanted);
    assert.match(await said(["%register_custom Attention2"]), wanted);
  });

  it("says that a model which stands has the class of before", async () => {
    const cells = ["%register_custom MyAttention = (x) => x.sum(1)", "%step"];
    const text = await said([...cells, "%register_custom MyAttention = (x) => x.mean(1)"]);
    assert.match(
      text,
      /is loaded has what was there before: %load_model \S*custom_attention\.h5 makes it anew\./,
    );
  });

  it("gives an example of a function of its kind in place of a layer", async () => {
    assert.match(
      await said(["%register_custom --kind metric f1"]),
      /^%register_custom --kind metric f1 = \(yTrue, yPred\) => .*\n/,
    );
  });

  it("tells Python from TypeScript, and a layer from its class", async () => {
    assert.match(
      await said([
        "%%register_custom MyAttention\nclass MyAttention(Layer):\n    def call(self, x):\n        return x",
      ]),
      /this is Python, and cells are TypeScript\. %register_custom MyAttention prints a skeleton/,
    );
    assert.match(
      await said(["%register_custom MyAttention = tf.layers.dense({ units: 2 })"]),
      /the cell ends in a layer that is made already/,
    );
  });

  for (const [what, expression, found] of [
    ["is async", "async (x) => x", /It returns a promise\.[^]*Leave out async and await/],
    ["returns nothing", "(x) => { x.sum(1); }", /It returns nothing, not a tensor\.[^]*needs return/],
  ] as const)
    it(`shows on the card that a function ${what}`, async () => {
      assert.match(await said([`%register_custom MyAttention = ${expression}`, "%step"]), found);
    });

  it("shows on the card that a class makes other weights than the file has", async () => {
    const cell = `%%register_custom MyAttention
class MyAttention extends tf.layers.Layer {
  build(shape) { this.w = this.addWeight("w", [2, 2]); this.built = true; }
  call(x) { return (Array.isArray(x) ? x[0] : x).sum(1); }
}`;
    const text = await said([cell, "%step"]);
    assert.match(
      text,
      /W02[^]*one weight \[2, 2\][^]*The class registered for MyAttention makes other weights in\s+build/,
    );
    assert.match(text, /%%register_custom MyAttention/);
  });
});
