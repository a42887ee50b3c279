import assert from "node:assert/strict";
import { knownCollection, knownLayerFor } from "../../../src/layers/known/index.js";
import { startOn } from "../keras/start-on.js";
import { readCases, runCase } from "./layer-cases.js";

const { keras, cases } = readCases("known");
const custom = new Map(knownCollection.map(({ className, definition }) => [className, definition]));

describe("layers of public packages on the cpu back end", () => {
  before(() => startOn("cpu"));

  for (const layerCase of cases) {
    it(layerCase.name, async () => {
      const result = await runCase(layerCase, keras, custom);
      assert.ok(typeof result === "number" && result < 1e-5, `${result}`);
    });
  }

  it("are found by their class, whatever package a file says", () => {
    assert.equal(knownLayerFor({ className: "Custom>TCN" })?.className, "TCN");
    assert.equal(knownLayerFor({ className: "EmbeddingSim" })?.source, "keras-embed-sim 0.10, embeddings.py");
    assert.equal(knownLayerFor({ className: "MyLayer" }), null);
  });
});
