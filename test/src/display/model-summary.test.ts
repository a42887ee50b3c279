import assert from "node:assert/strict";
import { MODEL_SUMMARY } from "../../../src/display/bundle.js";
import { summaryBundle } from "../../../src/display/summary/model-summary.js";
import { summary } from "./sample-report.js";

describe("model summary", () => {
  const { data } = summaryBundle(summary);
  const text = data["text/plain"] as string;
  const html = data["text/html"] as string;

  it("is a table of layers in plain text", () => {
    const lines = text.split("\n");
    assert.equal(lines[0], "classifier (Functional), custom.h5, Keras 3.15.1 · HDF5 model, loaded as layers");
    assert.ok(
      lines.some((line) => /^attention +MyAttention +\(None, 16\) +1,234 {2}tokens, tokens$/.test(line)),
      text,
    );
    assert.ok(
      lines.some((line) => /^ {2}inner +Dense/.test(line)),
      "a nested layer is indented",
    );
    assert.ok(text.includes("1,285 parameters: 1,234 trainable, 51 not trainable, 5.0 KB"), text);
    assert.ok(text.includes("Read, not restored: optimizer Adam."));
  });

  it("says which variable of the notebook holds the model", () => {
    const { data } = summaryBundle(summary, { variable: "net" });
    assert.match(data["text/plain"] as string, /^classifier .*, loaded as layers, in the variable net\n/);
    assert.match((data["text/html"] as string).replace(/<[^>]*>/g, ""), /Functional in the variable net/);
    assert.ok(
      !text.includes("variable") && !html.includes("in the variable"),
      "and nothing where none is known",
    );
  });

  it("warns of stubs", () => {
    assert.match(text, /hub: predictions run through 1 stub and are not the saved model's\./);
    assert.match(text, /^hub \[stub\]/m);
    assert.match(html, /predictions run through 1 stub/);
  });

  it("carries itself as JSON", () => {
    assert.deepEqual(structuredClone(data[MODEL_SUMMARY]), {
      ...summary,
      ...{ details: {}, model: null, variable: null },
    });
  });

  it("shows the ends of a very long model", () => {
    const layers = Array.from({ length: 2000 }, (_, i) => ({ ...summary.layers[0]!, name: `layer_${i}` }));
    const long = summaryBundle({ ...summary, layers }).data["text/plain"] as string;
    assert.ok(long.includes("layer_349") && long.includes("layer_1999") && !long.includes("layer_350 "));
    assert.ok(long.includes("... 1600 more"));
  });
});
