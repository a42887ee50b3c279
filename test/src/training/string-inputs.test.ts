import assert from "node:assert/strict";
import fs from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { openModel } from "../../../src/index.js";
import { asTensor, type StoredTensor } from "../keras/reference.js";

const FOLDER = new URL("../../../../test/fixtures/string-training/", import.meta.url);

interface Expected {
  readonly text: string[][];
  readonly numbers: StoredTensor;
  readonly y: StoredTensor;
  readonly history: Record<string, number[]>;
  readonly evaluated: readonly number[];
}

describe("a model that takes strings", () => {
  before(() => tf.setBackend("cpu"));

  it("is trained, validated and evaluated on them as in Keras, also from a callback of its training", async () => {
    const expected = JSON.parse(fs.readFileSync(new URL("words.json", FOLDER), "utf8")) as Expected;
    const model = (await openModel(new URL("words.keras.gz", FOLDER).pathname)).finished();
    const x = [tf.tensor2d(expected.text, undefined, "string"), asTensor(expected.numbers)];
    const y = asTensor(expected.y);
    const callbacks = { onBatchEnd: () => Promise.resolve(tf.dispose(model.evaluate(x, y))) };
    const { history } = await model.fit(x, y, {
      ...{ batchSize: 4, shuffle: false, verbose: 0, epochs: 2, validationSplit: 0.2, callbacks },
    });
    const near = (found: unknown, value: number) => {
      assert.ok(Math.abs(Number(found) - value) < 1e-5, `${String(found)}, Keras ${value}`);
    };
    for (const [name, values] of Object.entries(expected.history))
      values.forEach((value, i) => {
        near(history[name]![i], value);
      });
    const kept = tf.memory().numTensors;
    const evaluated = model.evaluate(x, y) as tf.Scalar[];
    expected.evaluated.forEach((value, i) => {
      near(evaluated[i]!.dataSync()[0], value);
    });
    tf.dispose(evaluated);
    assert.equal(tf.memory().numTensors, kept, "nothing is left behind");
  });
});
