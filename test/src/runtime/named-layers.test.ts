import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { ensureBackend } from "../../../src/runtime/choose.js";

describe("getLayer of a name that the model does not have", () => {
  before(() => ensureBackend());

  function nested(): tf.Sequential {
    const encoder = tf.sequential({
      name: "encoder",
      layers: [tf.layers.dense({ name: "inner", units: 2, inputShape: [3] })],
    });
    return tf.sequential({ layers: [encoder, tf.layers.dense({ name: "head", units: 1 })] });
  }

  for (const [name, told] of [
    ["haed", 'getLayer(): the model has no layer "haed". Near it: head.'],
    [
      "inner",
      'getLayer(): the model has no layer "inner". It is in encoder: model.getLayer("encoder").getLayer("inner").',
    ],
    ["something_else", 'getLayer(): the model has no layer "something_else". model.layers lists them.'],
  ] as const)
    it(`says of ${name} where it is or what is near`, () => {
      assert.throws(() => nested().getLayer(name), { name: "ModelCallError", message: told });
    });

  it("gives those that it has, by name and by index", () => {
    const model = nested();
    assert.equal(model.getLayer("head").name, "head");
    assert.equal(model.getLayer(undefined as never, 1).name, "head");
  });
});
