import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { openModel } from "./open-model.js";

describe("keras/keras-model", () => {
  it("leaves nothing in memory of a layer that is called twice", async () => {
    // Its layer "twice" is.
    for (const file of ["parts.h5", "nested.h5", "nested.keras"]) {
      const before = tf.memory().numTensors;
      const { model } = await openModel(`test/fixtures/archives/${file}`);
      assert.ok(tf.memory().numTensors > before, file);
      model!.dispose();
      assert.equal(tf.memory().numTensors, before, file);
      assert.throws(() => model!.dispose(), /already disposed/);
    }
  });

  it("says of an input without samples which it is", async () => {
    const { model } = await openModel("test/fixtures/archives/nested.keras");
    const [input] = model!.inputs;
    const [name] = model!.inputNames;
    const shape = [0, ...input!.shape.slice(1).map((n) => n ?? 1)];
    assert.throws(
      () => model!.predict(tf.zeros(shape)),
      new RegExp(`input "${name!}" got \\[${shape.join(", ")}\\]: predict needs at least one sample`),
    );
    model!.dispose();
  });
});
