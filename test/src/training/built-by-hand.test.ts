import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import * as tf from "@tensorflow/tfjs";
import { layers, loadModel, saveModel } from "../../../src/index.js";

interface Case {
  readonly model: "pictures" | "texts";
  readonly build: "functional" | "sequential";
  readonly frozen: boolean;
  readonly before: number;
  readonly loss: number[];
  readonly after: number[][];
}

interface Reference {
  readonly inputs: Readonly<Record<Case["model"], number[][]>>;
  readonly y: number[][];
  readonly kernel: number[][];
  readonly cases: readonly Case[];
}

const FIXTURES = "test/fixtures/training";
const reference = JSON.parse(fs.readFileSync(path.join(FIXTURES, "transfer.json"), "utf8")) as Reference;

describe("a model that is put together by hand of Keras's layers, no file opened", () => {
  it("is compiled with Keras's names of losses and metrics", async () => {
    const model = tf.sequential({
      layers: [layers.dense({ units: 2, activation: "softmax", inputShape: [3] })],
    });
    model.compile({
      optimizer: "sgd",
      loss: "categorical_crossentropy",
      metrics: ["top_k_categorical_accuracy"],
    });
    const [x, y] = [tf.ones([4, 3]), tf.oneHot(tf.zeros([4], "int32"), 2)];
    const { history } = await model.fit(x, y, { verbose: 0 });
    assert.deepEqual(Object.keys(history), ["loss", "top_k_categorical_accuracy"]);
  });

  /** Weights after two batches in Keras 3.15: `compile(name, "mse")`, `train_on_batch([[1, 2]], [[0, 0]])`. */
  const STEPS = {
    adam: [0.9980000853538513, -0.001999941188842058, -0.0019999011419713497, 0.9980000853538513],
    adamw: [0.9979920983314514, -0.001999937230721116, -0.0019998971838504076, 0.9979920983314514],
    muon: [0.999913215637207, -0.00015758536756038666, -0.00015758536756038666, 0.9996768236160278],
  };
  for (const [optimizer, reference] of Object.entries(STEPS))
    it(`moves by Keras's ${optimizer}, with its defaults, and is saved with it`, async () => {
      const dense = layers.dense({
        units: 2,
        useBias: false,
        kernelInitializer: "identity",
        inputShape: [2],
      });
      const model = tf.sequential({ layers: [dense] });
      model.compile({ optimizer, loss: "mse" });
      const [x, y] = [tf.tensor2d([[1, 2]]), tf.zeros([1, 2])];
      for (let i = 0; i < 2; i++) await model.trainOnBatch(x, y);
      near([...(await model.getWeights()[0]!.data())], reference, 1e-6);
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-optimizer-"));
      const file = path.join(folder, "model.keras");
      const { notes } = await saveModel(model, file);
      assert.deepEqual(notes, []);
      const again = await loadModel(file);
      for (const one of [model, again]) await one.trainOnBatch(x, y);
      near([...(await again.getWeights()[0]!.data())], [...(await model.getWeights()[0]!.data())]);
      fs.rmSync(folder, { recursive: true });
    });

  it("says which optimizer was meant", () => {
    const model = tf.sequential({ layers: [layers.dense({ units: 2, inputShape: [2] })] });
    assert.throws(
      () => model.compile({ optimizer: "admaw", loss: "mse" }),
      /"admaw"\. The nearest .* Adam\./,
    );
  });
});

describe("a model that is put together by hand around layers of a file", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-by-hand-"));
  after(() => fs.rmSync(folder, { recursive: true }));

  async function loaded(name: string): Promise<tf.LayersModel> {
    const file = path.join(folder, `${name}.keras`);
    fs.writeFileSync(file, gunzipSync(fs.readFileSync(path.join(FIXTURES, `transfer-${name}.keras.gz`))));
    return loadModel(file);
  }

  for (const one of reference.cases) {
    const title = `${one.model}, ${one.build}${one.frozen ? ", frozen" : ""}`;
    const x = () =>
      tf.tensor(reference.inputs[one.model], undefined, one.model === "texts" ? "int32" : "float32");

    it(`${title}: evaluates, trains and predicts as in Keras`, async () => {
      const model = built(await loaded(one.model), one);
      model.compile({ optimizer: tf.train.sgd(0.1), loss: "categoricalCrossentropy" });
      const y = tf.tensor2d(reference.y);
      near([await first(model.evaluate(x(), y, { batchSize: 4 }))], [one.before]);
      const { history } = await model.fit(x(), y, { batchSize: 4, epochs: 2, shuffle: false, verbose: 0 });
      near(history["loss"] as number[], one.loss);
      near(await values(model.predict(x()) as tf.Tensor), one.after.flat());
    });

    for (const ending of [".keras", ".h5", ".json"])
      it(`${title}: is whole when it is saved as ${ending} and loaded again`, async () => {
        const model = built(await loaded(one.model), one);
        const file = path.join(folder, `saved-${one.model}${ending}`);
        await saveModel(model, file, { overwrite: true });
        const again = await loadModel(file);
        near(await values(again.predict(x()) as tf.Tensor), await values(model.predict(x()) as tf.Tensor));
      });
  }

  it("says in getConfig() and toJSON() what its layers were made from", async () => {
    const model = await loaded("pictures");
    const config = model.getLayer("conv").getConfig();
    assert.equal(config["filters"], 4);
    assert.deepEqual(config["kernelSize"], [3, 3]);
    assert.deepEqual(config["kernelRegularizer"], { className: "L2", config: { l2: 0.01 } });
    assert.equal(config["dtype"], "float32");
    assert.match(
      JSON.stringify(model.toJSON(null, false)),
      /"depthwise_constraint":\{"class_name":"MaxNorm"/,
    );
  });

  it("says that masked steps count in the loss", async () => {
    const base = await loaded("texts");
    const steps = base.getLayer("norm").output as tf.SymbolicTensor;
    const model = tf.model({ inputs: base.inputs, outputs: steps });
    const { warn } = console;
    const said: string[] = [];
    console.warn = (text: string) => said.push(text);
    try {
      for (let i = 0; i < 2; i++) model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    } finally {
      console.warn = warn;
    }
    assert.equal(said.length, 1);
    assert.match(said[0]!, /has a mask \(of table\)/);
  });

  it("freezes what stands in a model, and unfreezes it", async () => {
    const model = await loaded("pictures");
    model.trainable = false;
    assert.ok(model.layers.every(({ trainable }) => !trainable));
    model.trainable = true;
    assert.ok(model.layers.every(({ trainable }) => trainable));
  });
});

function built(base: tf.LayersModel, { build, frozen }: Case): tf.LayersModel {
  const features = base.getLayer("features").output as tf.SymbolicTensor;
  const head = tf.layers.dense({ units: 2, activation: "softmax", name: "head" });
  let model: tf.LayersModel;
  if (build === "functional") {
    for (const layer of base.layers) layer.trainable = !frozen;
    model = tf.model({ inputs: base.inputs, outputs: head.apply(features) as tf.SymbolicTensor });
  } else {
    const inner = tf.model({ inputs: base.inputs, outputs: features, name: "base" });
    inner.trainable = !frozen;
    model = tf.sequential({ layers: [inner, head] });
  }
  head.setWeights([tf.tensor2d(reference.kernel), tf.zeros([2])]);
  return model;
}

async function first(result: tf.Scalar | tf.Scalar[]): Promise<number> {
  return (await [result].flat()[0]!.data())[0]!;
}

async function values(x: tf.Tensor): Promise<number[]> {
  return Array.from(await x.data());
}

function near(found: readonly number[], wanted: readonly number[], tolerance = 1e-5): void {
  assert.equal(found.length, wanted.length);
  for (const [i, value] of wanted.entries())
    assert.ok(
      Math.abs(found[i]! - value) <= tolerance * Math.max(1, Math.abs(value)),
      `${found[i]} for ${value}`,
    );
}
