import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as tf from "@tensorflow/tfjs";
import { callbacks, openModel } from "../../../src/index.js";
import { asTensor, type StoredTensor } from "../keras/reference.js";

const FOLDER = new URL("../../../../test/fixtures/callbacks/", import.meta.url);
const MODEL = new URL("classes.keras.gz", FOLDER).pathname;

type Numbers = Record<string, number>;
interface Run {
  readonly history: Record<string, number[]>;
  /** What callbacks were handed after each of the first batches. */
  readonly batches: readonly Numbers[];
  readonly predicted: StoredTensor;
}
const { train, held, runs, columns } = JSON.parse(
  fs.readFileSync(new URL("classes.json", FOLDER), "utf8"),
) as {
  train: readonly StoredTensor[];
  held: readonly StoredTensor[];
  runs: Record<string, Run>;
  columns: string;
};

type Three = [tf.Tensor, tf.Tensor, tf.Tensor];

function near(found: unknown, expected: number, place: string): void {
  assert.ok(Math.abs(Number(found) - expected) < 2e-5, `${place}: ${String(found)}, Keras ${expected}`);
}

function sameHistory(found: tf.History["history"], name: string): void {
  const { history } = runs[name]!;
  assert.deepEqual(Object.keys(found).sort(), Object.keys(history).sort());
  for (const [key, values] of Object.entries(history)) {
    assert.equal(found[key]!.length, values.length, key);
    values.forEach((value, i) => {
      near(found[key]![i], value, `${key} of epoch ${i}`);
    });
  }
}

async function samePredictions(model: tf.LayersModel, x: tf.Tensor, name: string): Promise<void> {
  const expected = asTensor(runs[name]!.predicted);
  const values = await (model.predict(x) as tf.Tensor).data();
  (await expected.data()).forEach((value, i) => {
    near(values[i], value, `prediction ${i}`);
  });
}

describe("callbacks", () => {
  let x: tf.Tensor, y: tf.Tensor, sampleWeight: tf.Tensor;
  let of: Three;
  let model: tf.LayersModel;

  before(async () => {
    await tf.setBackend("cpu");
    [x, y, sampleWeight] = train.map(asTensor) as Three;
    of = held.map(asTensor) as Three;
  });

  beforeEach(async () => {
    model = (await openModel(MODEL)).finished();
  });

  const fit = (args: object) =>
    model.fit(x, y, {
      batchSize: 8,
      shuffle: false,
      verbose: 0,
      validationData: [of[0], of[1]],
      ...args,
    });

  it("earlyStopping gives the weights of the best epoch back, and leaves nothing behind", async () => {
    await fit({ epochs: 1 });
    model = (await openModel(MODEL)).finished();
    const stop = callbacks.earlyStopping({ patience: 2, restoreBestWeights: true });
    const { history } = await fit({ epochs: 30, callbacks: stop });
    sameHistory(history, "best");
    await samePredictions(model, of[0], "best");
    const kept = tf.memory().numTensors;
    await fit({ epochs: 3, callbacks: stop });
    assert.equal(tf.memory().numTensors, kept);
  });

  it("earlyStopping knows baseline, minDelta and startFromEpoch", async () => {
    const stop = callbacks.earlyStopping({
      ...{ monitor: "val_auc", minDelta: 0.01, startFromEpoch: 3, baseline: 0.9, patience: 3 },
    });
    sameHistory((await fit({ epochs: 30, callbacks: [stop] })).history, "least");
    await samePredictions(model, of[0], "least");
  });

  it("change the learning rate, which the history has then", async () => {
    const plateau = callbacks.reduceLROnPlateau({ factor: 0.5, patience: 1, cooldown: 1, minLr: 0.008 });
    sameHistory((await fit({ epochs: 9, callbacks: plateau })).history, "plateau");
    model = (await openModel(MODEL)).finished();
    const halved = callbacks.learningRateScheduler((epoch, rate) => (epoch ? rate * 0.5 : rate));
    sameHistory((await fit({ epochs: 4, callbacks: halved })).history, "scheduled");
    await samePredictions(model, of[0], "scheduled");
  });

  it("of the user's stand beside others, with their object as this, and get the epoch so far after a batch", async () => {
    const own = {
      seen: [] as Numbers[],
      onBatchEnd(_batch: number, logs?: tf.Logs) {
        this.seen.push({ ...(logs as Numbers) });
        return Promise.resolve();
      },
    };
    const halved = callbacks.learningRateScheduler((epoch, rate) => (epoch ? rate * 0.5 : rate));
    sameHistory((await fit({ epochs: 4, callbacks: [halved, own] })).history, "scheduled");
    runs["scheduled"]!.batches.forEach((logs, i) => {
      for (const [name, value] of Object.entries(logs))
        near(own.seen[i]![name], value, `${name} of batch ${i}`);
    });
  });

  it("validationFreq is each how many epochs, or which, there is a validation", async () => {
    sameHistory((await fit({ epochs: 5, validationFreq: 2 })).history, "second");
    model = (await openModel(MODEL)).finished();
    const listed = (await fit({ epochs: 4, validationFreq: [1, 4] })).history;
    sameHistory(listed, "listed");
    await assert.rejects(fit({ validationFreq: 0 }), /validationFreq is 0: give a number of epochs/);
  });

  it("a dataset may have sample weights, and be validated on now and then", async () => {
    const rows = async (tensor: tf.Tensor) => tf.data.array((await tensor.array()) as number[]);
    const batches = async ([xs, ys, weights]: Three) =>
      tf.data
        .zip({ xs: await rows(xs), ys: await rows(ys), sampleWeight: await rows(weights) })
        .batch(8) as tf.data.Dataset<tf.TensorContainerObject>;
    const data = await batches([x, y, sampleWeight]);
    const settings = { epochs: 3, verbose: 0 } as const;
    const { history } = await model.fitDataset(data, { ...settings, validationData: of as never });
    sameHistory(history, "weighed");
    model = (await openModel(MODEL)).finished();
    const args = { ...settings, validationData: await batches(of), validationFreq: 3 };
    const third = (await model.fitDataset(data, args as never)).history;
    near(third["val_loss"]![0], runs["weighed"]!.history["val_loss"]![2]!, "val_loss");
    assert.deepEqual([third["val_loss"]!.length, third["loss"]!.length], [1, 3]);
    await model.fitDataset(data, args as never);
    const state = tf.memory().numTensors;
    await model.fitDataset(data, args as never);
    assert.equal(tf.memory().numTensors, state, "nothing is left behind");
  });

  it("modelCheckpoint writes the best, csvLogger a line for each epoch", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "callbacks-"));
    try {
      const best = path.join(folder, "kept", "{epoch:02d}-{val_loss:.2f}.keras");
      const log = path.join(folder, "log.csv");
      const { history } = await fit({
        epochs: 2,
        callbacks: [callbacks.modelCheckpoint(best, { saveBestOnly: true }), callbacks.csvLogger(log)],
      });
      const [first] = history["val_loss"] as number[];
      const written = fs.readdirSync(path.join(folder, "kept"));
      assert.ok(written.includes(`01-${first!.toFixed(2)}.keras`), written.join());
      const [head, ...lines] = fs.readFileSync(log, "utf8").trim().split("\r\n");
      assert.equal(head, columns.trim());
      assert.equal(lines.length, 2);
      const again = (await openModel(path.join(folder, "kept", written[0]!))).finished();
      near((again.evaluate(of[0], of[1]) as tf.Scalar[])[0]!.dataSync()[0], first!, "loss of what was saved");
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });

  it("terminateOnNaN ends with the batch, and a plain callback too", async () => {
    const nothing = tf.fill([20, 5], NaN);
    let batches = 0;
    const count = { onBatchEnd: () => Promise.resolve(void batches++) };
    await model.fit(nothing, y, {
      ...{ epochs: 4, batchSize: 8, verbose: 0, callbacks: [callbacks.terminateOnNaN(), count] as never },
    });
    assert.equal(batches, 1);
  });

  it("say what is not there, and what is written instead", async () => {
    assert.throws(
      () => callbacks.earlyStopping({ restore_best_weights: true } as object),
      /Did you mean restoreBestWeights\?/,
    );
    assert.throws(
      () => callbacks.earlyStopping({ monitor: "val_quality" }),
      /whether more or less of val_quality is better/,
    );
    assert.throws(() => callbacks.modelCheckpoint("w.weights.h5"), /saves whole models/);
    await assert.rejects(fit({ callbacks: { on_epoch_end: () => null } }), /Did you mean onEpochEnd\?/);
    await assert.rejects(fit({ callbacks: { onTrainBatchEnd: () => null } }), /Did you mean onBatchEnd\?/);
    await assert.rejects(fit({ batch_size: 8 }), /fit has no argument batch_size: write batchSize/);
    await assert.rejects(fit({ stepsPerEpoch: 2 }), /fitDataset takes batchesPerEpoch/);
    const missing = path.join(os.tmpdir(), "{val_f1:.2f}.keras");
    await assert.rejects(
      fit({ callbacks: callbacks.modelCheckpoint(missing) }),
      /asks for val_f1, which this epoch has not/,
    );
  });
});
