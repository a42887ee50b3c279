import assert from "node:assert/strict";
import { knownCollection, knownLayerFor } from "../../../src/layers/known/index.js";
import { startOn } from "../keras/start-on.js";
import { readCases, runCase } from "./layer-cases.js";
import { positionsFirst } from "../../../src/layers/known/keras-tutorials.js";

const files = ["known", "older-packages"].map(readCases);
const custom = new Map(
  knownCollection
    .filter(({ packages }) => !packages)
    .map(({ className, definition }) => [className, definition]),
);

describe("layers of public packages on the cpu back end", () => {
  before(() => startOn("cpu"));

  for (const { keras, cases } of files)
    for (const layerCase of cases) {
      it(`${layerCase.name}, Keras ${keras}`, async () => {
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

describe("tables of tokens and of positions", () => {
  const order = (config: Record<string, unknown>, rows: number[]) =>
    positionsFirst((name) => config[name], rows, 5);

  it("are told by the config, and without one by the length of the sequence", () => {
    assert.equal(order({ maxlen: 5, vocab_size: 9 }, [5, 9]), true);
    assert.equal(order({ maxlen: 5, vocab_size: 9 }, [9, 5]), false);
    assert.equal(order({}, [5, 9]), true);
    assert.equal(order({}, [9, 5]), false);
    assert.equal(order({}, [5, 5]), false);
  });
});
