import assert from "node:assert/strict";
import fs from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { openModel } from "../../../src/index.js";
import { asTensor, type StoredTensor } from "../keras/reference.js";

const FOLDER = new URL("../../../../test/fixtures/added-losses/", import.meta.url);

interface Expected {
  readonly x: StoredTensor;
  readonly losses: readonly number[];
  readonly evaluated: number;
  readonly predicted: StoredTensor;
}

describe("losses that model.add_loss of Keras 2 left in a file", () => {
  before(() => tf.setBackend("cpu"));

  for (const ending of ["keras", "h5"]) {
    it(`are trained on as in Keras, from .${ending}, and a metric that is left out is told`, async () => {
      const expected = JSON.parse(fs.readFileSync(new URL("encoder.json", FOLDER), "utf8")) as Expected;
      const session = await openModel(new URL(`encoder.${ending}.gz`, FOLDER).pathname);
      const told = [...session.waiting, ...session.settled].filter(({ code }) => code === "C18");
      assert.match(told.map(({ found }) => found).join(), /divergence/);
      const model = session.finished();
      const x = asTensor(expected.x);
      const settings = { batchSize: 4, shuffle: false, verbose: 0 } as const;
      const { history } = await model.fit(x, x, { ...settings, epochs: 3 });
      const near = (found: unknown, value: number) => {
        assert.ok(Math.abs(Number(found) - value) < 1e-5, `${String(found)}, Keras ${value}`);
      };
      expected.losses.forEach((loss, i) => {
        near(history["loss"]![i], loss);
      });
      near((model.evaluate(x, x, { batchSize: 4 }) as tf.Scalar).dataSync()[0], expected.evaluated);
      const predicted = await (model.predict(x) as tf.Tensor).data();
      (await asTensor(expected.predicted).data()).forEach((value, i) => {
        near(predicted[i], value);
      });
    });
  }

  it("are those of a nested model too, for each of its calls, and layers train that only they hang on", async () => {
    const expected = JSON.parse(fs.readFileSync(new URL("nested.json", FOLDER), "utf8")) as Expected;
    const model = (await openModel(new URL("nested.h5.gz", FOLDER).pathname)).finished();
    const x = asTensor(expected.x);
    const pair = [x, tf.reverse(x, 0)];
    const evaluated = (model.evaluate(pair, x, { batchSize: 4 }) as tf.Scalar).dataSync()[0]!;
    assert.ok(Math.abs(evaluated - expected.evaluated) < 1e-5, `${evaluated}, Keras ${expected.evaluated}`);
    const settings = { batchSize: 4, shuffle: false, verbose: 0, epochs: 3 } as const;
    const { history } = await model.fit(pair, x, settings);
    expected.losses.forEach((loss, i) => {
      const found = Number(history["loss"]![i]);
      assert.ok(Math.abs(found - loss) < 1e-5, `epoch ${i}: ${found}, Keras ${loss}`);
    });
  });
});
