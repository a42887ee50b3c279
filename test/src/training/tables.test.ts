import assert from "node:assert/strict";
import fs from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { openModel } from "../../../src/index.js";
import { predictionError, type Reference } from "../keras/reference.js";

interface Stored {
  readonly shape: number[];
  readonly values: number[];
  readonly dtype: "float32" | "int32";
}

const FOLDER = new URL("../../../../test/fixtures/table-training/", import.meta.url);
const { data, losses, predicted, metrics } = JSON.parse(
  fs.readFileSync(new URL("losses.json", FOLDER), "utf8"),
) as {
  data: Record<"ids" | "numbers" | "y" | "steps", Stored>;
  losses: Record<string, number[]>;
  /** After the five epochs. */
  predicted: Record<string, Stored>;
  /** Of each of the five epochs, by the metrics' names. */
  metrics: Record<string, Record<string, number[]>>;
};
const tensor = ({ values, shape, dtype }: Stored) => tf.tensor(values, shape, dtype);

/** Outputs that have keys go in the order of those. */
function targets(name: string): tf.Tensor | tf.Tensor[] {
  const y = tensor(data.y);
  if (name.endsWith("keyed")) return [tf.neg(y), y];
  return name.endsWith("masked") && !name.endsWith("time-masked") ? tensor(data.steps) : y;
}

describe("tables of words, frozen parts, masks and averages", () => {
  before(() => tf.setBackend("cpu"));

  for (const [name, expected] of Object.entries(losses)) {
    it(`${name} goes on as Keras did`, async () => {
      const file = fs.readdirSync(FOLDER).find((one) => one.startsWith(`${name}.`))!;
      const model = (await openModel(new URL(file, FOLDER).pathname)).finished();
      const x = tensor(
        /frozen|overflow|keyed|spectral(?!-within)|images|twice/.test(name) ? data.numbers : data.ids,
      );
      const y = targets(name);
      const settings = { batchSize: 4, shuffle: false, verbose: 0 } as const;
      const { history } = await model.fit(x, y, { ...settings, epochs: 5 });
      const found = history["loss"] as number[];
      // Relative, within what 16 bits hold, where the model is of them.
      const tolerance = (loss: number) => (name.endsWith("overflow") ? 2e-3 * loss : 1e-5);
      found.forEach((loss, i) =>
        assert.ok(
          Math.abs(loss - expected[i]!) < tolerance(expected[i]!),
          `${found.join()} / ${expected.join()}`,
        ),
      );
      for (const [metric, values] of Object.entries(metrics[name] ?? {})) {
        const measured = history[metric] as number[];
        const near = values.every((value, i) => Math.abs(measured[i]! - value) < 1e-5);
        assert.ok(near, `${metric}: ${measured.join()} / ${values.join()}`);
      }
      if (name === "keras3-keyed")
        assert.deepEqual(Object.keys(history), ["loss", "a_loss", "b_loss"], "outputs by their keys");
      const after = predicted[name];
      if (after) {
        const error = tf.max(tf.abs(tf.sub(model.predict(x) as tf.Tensor, tensor(after)))).dataSync()[0]!;
        assert.ok(error < 1e-5, `predictions after training differ by ${error}`);
      }
      const kept = tf.memory().numTensors;
      await model.fit(x, y, { ...settings, epochs: 2 });
      assert.equal(tf.memory().numTensors, kept, "nothing is left behind");
    });
  }

  it("evaluate counts sample weights, as fit does, also those of a part that is kept to validate on", async () => {
    const file = fs.readdirSync(FOLDER).find((one) => one.startsWith("keras3-images."))!;
    const model = (await openModel(new URL(file, FOLDER).pathname)).finished();
    const [x, y] = [tensor(data.numbers), tensor(data.y)];
    const weights = [2, 0, 1, 0.5, 0, 3, 1, 0.25];
    const sampleWeight = tf.tensor1d(weights);
    const error = tf.mean(tf.squaredDifference(model.predict(x) as tf.Tensor, y), 1).dataSync();
    const mean = (from: number) => {
      const weighted = [...error].map((value, i) => value * weights[i]!).slice(from);
      return weighted.reduce((a, b) => a + b, 0) / weighted.length;
    };
    const kept = tf.memory().numTensors;
    const found = model.evaluate(x, y, { batchSize: 3, sampleWeight }) as tf.Scalar;
    assert.ok(Math.abs(found.dataSync()[0]! - mean(0)) < 1e-5);
    found.dispose();
    assert.equal(tf.memory().numTensors, kept, "nothing is left behind");
    model.optimizer = tf.train.sgd(0);
    model.layers.forEach((layer) => (layer.trainable = false));
    const settings = { epochs: 1, shuffle: false, verbose: 0, validationSplit: 0.5 } as const;
    const { history } = await model.fit(x, y, { ...settings, sampleWeight });
    assert.ok(Math.abs((history["val_loss"] as number[])[0]! - mean(4)) < 1e-5);
    assert.equal(sampleWeight.isDisposed, false);
  });
});

describe("a layer of TensorFlow Addons saved before its first call", () => {
  // Keras 2.15 leaves the copy of the layer out, whose outputs start the scale.
  for (const name of ["weight-normalization", "weight-normalization-2.15"])
    it(`loads from .keras without a question and starts its scale at the first batch: ${name}`, async () => {
      await tf.setBackend("cpu");
      const articles = new URL("../../../../test/fixtures/articles/", import.meta.url);
      const session = await openModel(new URL(`${name}.keras.gz`, articles).pathname);
      assert.deepEqual(
        session.waiting.map(({ code }) => code),
        [],
      );
      const reference = JSON.parse(fs.readFileSync(new URL(`${name}.json`, articles), "utf8")) as Reference;
      assert.ok((await predictionError(session.finished(), reference)) < 1e-5);
    });
});
