import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { compareModels } from "../../../src/comparing/compare-models.js";

const dense = (width: number) =>
  tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [width] })] });

describe("compareModels", () => {
  before(() => tf.setBackend("cpu"));

  it("says which inputs differ where two models cannot be compared", () => {
    assert.throws(
      () => compareModels(dense(3), dense(4), ["first", "second"]),
      /first takes \[null, 3\], second takes \[null, 4\]/,
    );
  });

  it("finds the layer that differs", () => {
    const comparison = compareModels(dense(3), dense(3), ["first", "second"]);
    assert.equal(comparison.first, 0);
    const model = dense(3);
    assert.equal(compareModels(model, model, ["first", "first"]).first, -1);
  });
});
