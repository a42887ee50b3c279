import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import * as tf from "@tensorflow/tfjs";
import { loadModel, openModel, saveModel } from "../../../src/index.js";

interface Reference {
  readonly x: number[][];
  readonly y: number[][];
  readonly loss: number[];
  readonly accuracy: number[];
  readonly predictions: number[][][];
}

const FIXTURES = "test/fixtures/training";

describe("a loaded model that is compiled by hand", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-compile-"));
  after(() => fs.rmSync(folder, { recursive: true }));

  function unpacked(name: string): string {
    const file = path.join(folder, name);
    fs.writeFileSync(file, gunzipSync(fs.readFileSync(path.join(FIXTURES, `${name}.gz`))));
    return file;
  }

  for (const name of ["anew-keras2.h5", "anew-keras3.keras"])
    for (const compile of [true, false])
      it(`${name}, ${compile ? "compiled" : "not compiled"} before: trains to Keras's numbers on the new loss`, async () => {
        const file = path.join(FIXTURES, name.replace(/\.\w+$/, ".json"));
        const reference = JSON.parse(fs.readFileSync(file, "utf8")) as Reference;
        const { model } = (await openModel(unpacked(name), { compile })) as { model: tf.LayersModel };
        model.compile({
          optimizer: tf.train.sgd(0.1),
          loss: "sparseCategoricalCrossentropy",
          metrics: ["accuracy"],
        });
        const [x, y] = [tf.tensor2d(reference.x, undefined, "int32"), tf.tensor2d(reference.y)];
        const { history } = await model.fit(x, y, { epochs: 2, batchSize: 4, shuffle: false, verbose: 0 });
        near(history["loss"] as number[], reference.loss, 1e-5);
        near(history["acc"] as number[], reference.accuracy, 1e-6);
        const predicted = Array.from((model.predict(x) as tf.Tensor).dataSync());
        near(predicted, reference.predictions.flat(2), 1e-5);
      });

  it("takes functions, names of Keras, and says what it does not know", async () => {
    const model = await loadModel(unpacked("anew-keras3.keras"));
    const compile = (args: object) => model.compile({ optimizer: "sgd", loss: "mse", ...args } as never);
    const half = function half(yTrue: tf.Tensor, yPred: tf.Tensor) {
      return tf.mul(tf.sum(tf.squaredDifference(yTrue, yPred), -1), 0.5);
    };
    compile({ loss: half, metrics: [half, "top_k_categorical_accuracy"] });
    const [x, y] = [tf.ones([2, 5], "int32"), tf.oneHot(tf.ones([2, 5], "int32"), 3)];
    const { history } = await model.fit(x, y, { verbose: 0 });
    assert.deepEqual(Object.keys(history), ["loss", "half", "top_k_categorical_accuracy"]);
    for (const [args, told] of [
      [
        { loss: "meanSquareError" },
        /knows no loss "meanSquareError"\. The nearest that it knows is MeanSquaredError/,
      ],
      [{ metrics: ["precison"] }, /knows no metric "precison"\. The nearest that it knows is Precision/],
      [{ loss: { other: "mse" } }, /a loss for "other"\. The outputs are: /],
      [{ loss: ["mse", "mse"] }, /2 losses for 1 outputs/],
      [{ optimizer: undefined }, /needs an optimizer/],
    ] as const)
      assert.throws(() => compile(args), told);
    for (const first of ["adam", tf.train.adam()])
      assert.throws(() => model.compile(first as never), /takes one object: model\.compile\(\{ optimizer/);
  });

  it("is saved with what it was compiled with last", async () => {
    const model = await loadModel(unpacked("anew-keras3.keras"));
    model.compile({ optimizer: model.optimizer, loss: "categoricalCrossentropy", metrics: ["mae"] });
    const saved = path.join(folder, "saved.keras");
    await saveModel(model, saved);
    const again = await loadModel(saved);
    const [x, y] = [tf.ones([2, 5], "int32"), tf.oneHot(tf.ones([2, 5], "int32"), 3)];
    const [before, after] = [model, again].map((one) =>
      (one.evaluate(x, y) as tf.Scalar[]).map((value) => value.dataSync()[0]!),
    );
    near(after!, before!, 1e-6);
  });
});

function near(found: readonly number[], wanted: readonly number[], tolerance: number): void {
  assert.equal(found.length, wanted.length);
  for (const [i, value] of wanted.entries())
    assert.ok(
      Math.abs(found[i]! - value) <= tolerance * Math.max(1, Math.abs(value)),
      `${found[i]} for ${value}`,
    );
}
