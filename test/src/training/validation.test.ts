import assert from "node:assert/strict";
import fs from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { openModel } from "../../../src/index.js";
import { endMidway, forEver } from "../end-midway.js";
import { asTensor, type StoredTensor } from "../keras/reference.js";

const FOLDER = new URL("../../../../test/fixtures/validation/", import.meta.url);

type History = Record<string, number[]>;
type Samples = readonly [x: StoredTensor, y: StoredTensor, weights: StoredTensor];

function sameAs(expected: History, found: tf.History["history"]): void {
  assert.deepEqual(Object.keys(found).sort(), Object.keys(expected).sort());
  for (const [name, values] of Object.entries(expected))
    values.forEach((value, i) => {
      const own = found[name]![i] as number;
      assert.ok(Math.abs(own - value) < 1e-5, `${name} of epoch ${i}: ${own}, Keras ${value}`);
    });
}

describe("data to validate on", () => {
  before(() => tf.setBackend("cpu"));

  it("are measured apart from those of the epoch, and may have sample weights, as in Keras", async () => {
    const { train, held, histories } = JSON.parse(
      fs.readFileSync(new URL("scores.json", FOLDER), "utf8"),
    ) as { train: Samples; held: Samples; histories: [History, History] };
    const model = (await openModel(new URL("scores.keras.gz", FOLDER).pathname)).finished();
    const [x, y, sampleWeight] = train.map(asTensor) as [tf.Tensor, tf.Tensor, tf.Tensor];
    const validation = held.map(asTensor) as [tf.Tensor, tf.Tensor, tf.Tensor];
    const settings = { batchSize: 8, epochs: 2, shuffle: false, verbose: 0 } as const;
    const plain = await model.fit(x, y, {
      ...settings,
      classWeight: { 0: 1, 1: 3 },
      validationData: [validation[0], validation[1]],
    });
    sameAs(histories[0], plain.history);
    const kept = tf.memory().numTensors;
    const weighted = await model.fit(x, y, { ...settings, sampleWeight, validationData: validation });
    sameAs(histories[1], weighted.history);
    assert.equal(tf.memory().numTensors, kept, "nothing is left behind");
  });

  it("leave no variable of a loaded model when it is disposed of, nor of its optimizer", async () => {
    const open = async () => (await openModel(new URL("scores.keras.gz", FOLDER).pathname)).finished();
    const variables = () => Object.keys(tf.engine().registeredVariables);
    const before = variables();
    const model = await open();
    const x = tf.zeros([4, ...(model.inputs[0]!.shape.slice(1) as number[])]);
    await model.fit(x, tf.zeros([4, 1]), { verbose: 0 });
    model.dispose();
    assert.deepEqual(variables(), before);
  });

  it("can be looked at in the middle of an epoch without a change of what the epoch says", async () => {
    const { train } = JSON.parse(fs.readFileSync(new URL("scores.json", FOLDER), "utf8")) as {
      train: Samples;
    };
    const [x, y] = train.map(asTensor) as [tf.Tensor, tf.Tensor, tf.Tensor];
    const measured = async (onBatchEnd: (model: tf.LayersModel) => void) => {
      const model = (await openModel(new URL("scores.keras.gz", FOLDER).pathname)).finished();
      const callbacks = {
        onBatchEnd: () => {
          onBatchEnd(model);
          return Promise.resolve();
        },
      };
      const { history } = await model.fit(x, y, { batchSize: 8, shuffle: false, verbose: 0, callbacks });
      return history;
    };
    const looked = await measured((model) => tf.dispose(model.evaluate(x, y)));
    assert.deepEqual(looked, await measured(() => undefined));
  });

  it("lend their weights to no later training, where theirs was stopped as it began", async () => {
    const { train } = JSON.parse(fs.readFileSync(new URL("scores.json", FOLDER), "utf8")) as {
      train: Samples;
    };
    const [x, y, sampleWeight] = train.map(asTensor) as [tf.Tensor, tf.Tensor, tf.Tensor];
    const trained = async (begin: (model: tf.LayersModel) => void) => {
      const model = (await openModel(new URL("scores.keras.gz", FOLDER).pathname)).finished();
      begin(model);
      const { history } = await model.fit(x, y, { batchSize: 8, shuffle: false, verbose: 0, sampleWeight });
      return history;
    };
    const stopped = await trained((model) => {
      const inner = model as unknown as { standardizeUserData: (...given: unknown[]) => unknown };
      const { standardizeUserData } = inner;
      inner.standardizeUserData = (...given) => {
        void standardizeUserData.apply(model, given);
        return forEver();
      };
      endMidway(() => model.fit(x, y, { validationData: [x, y, tf.zerosLike(sampleWeight)], verbose: 0 }));
      inner.standardizeUserData = standardizeUserData;
    });
    assert.deepEqual(stopped, await trained(() => undefined));
  });
});
