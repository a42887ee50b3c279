import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs";
import { openModel, saveModel } from "../../../src/index.js";
import { openModelFile } from "../../../src/formats/open.js";
import { dense, layer, sequential, type Parts } from "../loading/cases/parts.js";
import { writeHdf5 } from "../loading/cases/write.js";

const FIXTURES = fileURLToPath(new URL("../../../../test/fixtures/", import.meta.url));
const PYTHON = process.env["LOADLAB_KERAS_PYTHON"];

interface Stored {
  readonly dtype: "float32" | "int32";
  readonly shape: number[];
  readonly values: number[];
}

describe("saveModel", () => {
  let folder: string;

  before(async () => {
    await tf.setBackend("cpu");
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-save-"));
  });
  after(() => fs.rmSync(folder, { recursive: true }));

  const models = fs.readdirSync(path.join(FIXTURES, "whole-models")).filter((name) => name.endsWith(".h5"));
  for (const name of models) {
    for (const ending of [".keras", ".h5", ".json"]) {
      it(`${name} saved as ${ending} predicts Keras's numbers`, async function () {
        const source = path.join(FIXTURES, "whole-models", name);
        const model = (await openModel(source)).finished();
        if (name.startsWith("attended.keras3") && ending !== ".keras") {
          console.log(
            "      skipped: attention takes masks off its inputs in Keras 3.8 and later, in Keras 2 it leaves them",
          );
          return this.skip();
        }
        const target = path.join(folder, `${path.parse(name).name}${ending}`);
        await saveModel(model, target, { overwrite: true });
        const saved = (await openModel(target)).finished();
        comparePredictions(saved, source.replace(/\.h5$/, ".json"));
      });
    }
  }

  for (const name of [
    "keras3-adam",
    "keras3-ema",
    "keras3-loss-scale",
    "keras3-muon",
    "keras2-adam",
    "keras2-sgd",
  ]) {
    it(`${name}: a .keras keeps the optimizer's state`, async () => {
      const source = path.join(FIXTURES, "training", `${name}.keras.gz`);
      const target = path.join(folder, `${name}.keras`);
      await saveModel((await openModel(source)).finished(), target);
      const losses = await fit((await openModel(target)).finished());
      const [group, ...rest] = name.split("-");
      const expected = json<Record<string, { loss: number[] }>>(`training/${group}.json`)[rest.join("-")]!
        .loss;
      losses.forEach((loss, i) =>
        assert.ok(Math.abs(loss - expected[i]!) < 1e-5, `${losses.join()} / ${expected.join()}`),
      );
    });
  }

  it("saves a model made here", async () => {
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 2, inputShape: [3], activation: "relu" })],
    });
    const target = path.join(folder, "made.keras");
    await saveModel(model, target);
    const saved = (await openModel(target)).finished();
    const x = tf.randomNormal([4, 3]);
    assert.deepEqual(
      [...(saved.predict(x) as tf.Tensor).dataSync()],
      [...(model.predict(x) as tf.Tensor).dataSync()],
    );
    model.compile({ optimizer: "adam", loss: "meanSquaredError" });
    const { notes } = await saveModel(model, target, { overwrite: true });
    assert.match(notes.join(), /Loss and metrics are not in it/);
  });

  it("says what it leaves out: quantisation, an optimizer of Addons", async () => {
    const model = sequential(2, [null, 3], [dense("hidden", 3, 4), dense("out", 4, 2)]);
    const optimizer_config = { class_name: "Addons>COCOB", config: { name: "COCOB", alpha: 100 } };
    const file = await writeHdf5(path.join(folder, "left.h5"), {
      ...model,
      training: { loss: "mse", optimizer_config },
    });
    const trained = await saveModel((await openModel(file)).finished(), path.join(folder, "left.keras"));
    assert.match(trained.notes.join(), /Loss and optimizer are not in it: Keras 3 has no COCOB/);
    const nadam = { class_name: "Nadam", config: { name: "Nadam", learning_rate: 0.1, decay: 0.004 } };
    const slower = await writeHdf5(path.join(folder, "nadam.h5"), {
      ...model,
      training: { loss: "mse", optimizer_config: nadam },
    });
    const kept = await saveModel((await openModel(slower)).finished(), path.join(folder, "nadam.keras"));
    assert.match(kept.notes.join(), /Nadam warms its momentum up more slowly/);
    const rounded = (await openModel(path.join(FIXTURES, "quantized/dense_int8.keras"))).finished();
    const { notes } = await saveModel(rounded, path.join(folder, "left-int8.keras"));
    assert.match(notes.join(), /Saved without quantisation, as float32: /);
  });

  it("replaces no file unless it is told to, and leaves nothing behind", async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] });
    const own = fs.mkdtempSync(path.join(folder, "own-"));
    const target = path.join(own, "a.keras");
    fs.writeFileSync(target, "mine");
    await assert.rejects(saveModel(model, target), /a\.keras is there already/);
    assert.equal(fs.readFileSync(target, "utf8"), "mine");
    await saveModel(model, target, { overwrite: true });
    assert.deepEqual(fs.readdirSync(own), ["a.keras"]);
    await assert.rejects(saveModel(model, path.join(own, "a.onnx")), /saved as \.keras/);
  });

  it("writes what the load found out, leaves out what Keras would not read, and says what Keras 3 lacks", async () => {
    const recurrent = (className: string, name: string, units: number, bias: number[], more: object) => {
      const config = {
        units,
        activation: "tanh",
        recurrent_activation: "sigmoid",
        use_bias: true,
        return_sequences: true,
      };
      const columns = bias.at(-1)!;
      return layer(
        className,
        name,
        { ...config, ...more },
        { kernel: [3, columns], recurrent_kernel: [units, columns], bias },
      );
    };
    const save = async (parts: Parts, name: string, ending = "keras") => {
      const session = await openModel(await writeHdf5(path.join(folder, `${name}.h5`), parts));
      const target = path.join(folder, `${name}_saved.${ending}`);
      await saveModel(session.finished(), target, { overwrite: true });
      const file = await openModelFile(target);
      file.close();
      return JSON.stringify(file.config);
    };
    const input = sequential(
      2,
      [null, 4, 3],
      [recurrent("GRU", "memory", 3, [2, 9], { reset_after: false })],
    );
    assert.match(await save(input, "gru"), /"reset_after":true/);
    const constrained = sequential(
      2,
      [null, 6],
      [
        dense("out", 6, 3, {
          bias_constraint: { class_name: "Mine", config: {} },
          kernel_constraint: { class_name: "MaxNorm", config: { max_value: 2, axis: 0 } },
        }),
      ],
    );
    const saved = await save(constrained, "constrained");
    assert.match(saved, /MaxNorm/);
    assert.doesNotMatch(saved, /Mine/);
    const functions = sequential(
      2,
      [null, 6],
      [
        dense("inner", 6, 3, {
          activation: { class_name: "function", config: "silu", registered_name: "function" },
        }),
        dense("out", 3, 2, { activation: "softmax_v2" }),
      ],
    );
    assert.match(await save(functions, "functions"), /"activation":"silu".*"activation":"softmax"/);
    const depthwise = layer(
      "DepthwiseConv2D",
      "each",
      { kernel_size: [2, 2], padding: "valid", use_bias: false, filters: 3, groups: 1 },
      { depthwise_kernel: [2, 2, 3, 1] },
    );
    assert.doesNotMatch(
      await save(sequential(2, [null, 4, 4, 3], [depthwise]), "depthwise", "h5"),
      /filters|groups/,
    );
    const timed = sequential(2, [4, 2, 3], [recurrent("LSTM", "memory", 3, [12], { time_major: true })]);
    await save(timed, "timed");
    assert.match(fs.readFileSync(path.join(folder, "timed_saved_layers.py"), "utf8"), /class LSTM/);
  });

  it("writes no slash in a name, which Keras 3 refuses, and says so", async () => {
    const x = tf.input({ shape: [4], name: "in/put" });
    const y = tf.layers.dense({ units: 2, name: "block1/dense" }).apply(x) as tf.SymbolicTensor;
    const z = tf.layers.dense({ units: 2, name: "block1_dense" }).apply(y) as tf.SymbolicTensor;
    const source = path.join(folder, "slashed.json");
    await saveModel(tf.model({ inputs: x, outputs: z, name: "slashed" }), source);
    const model = (await openModel(source)).finished();
    const target = path.join(folder, "slashed.keras");
    const { notes } = await saveModel(model, target);
    assert.match(notes.join(), /Keras 3 refuses a slash in names: in\/put, block1\/dense have an underscore/);
    const again = (await openModel(target)).finished();
    assert.deepEqual(
      again.layers.map(({ name }) => name),
      ["in_put", "block1_dense_", "block1_dense"],
    );
    const ones = tf.ones([3, 4]);
    const [found, expected] = [again, model].map((one) => [...(one.predict(ones) as tf.Tensor).dataSync()]);
    assert.deepEqual(found, expected);
  });

  it("what it writes loads in Keras", function () {
    if (PYTHON === undefined) {
      console.log(
        "      skipped: LOADLAB_KERAS_PYTHON names no Python with Keras 3, tf_keras and TensorFlow",
      );
      return this.skip();
    }
    this.timeout(300_000);
    const script = fileURLToPath(new URL("../../../../test/src/saving/load_in_keras.py", import.meta.url));
    const { status, stdout, stderr } = spawnSync(PYTHON, [script, folder, FIXTURES], { encoding: "utf8" });
    assert.equal(status, 0, `${stdout}\n${stderr.slice(-2000)}`);
  });
});

function json<T>(name: string): T {
  return JSON.parse(fs.readFileSync(path.join(FIXTURES, name), "utf8")) as T;
}

function tensor({ values, shape, dtype }: Stored): tf.Tensor {
  return tf.tensor(values, shape, dtype);
}

async function fit(model: tf.LayersModel): Promise<number[]> {
  const { x, y } = json<{ x: Stored; y: Stored }>("training/data.json");
  const { history } = await model.fit(tensor(x), tensor(y), {
    batchSize: 5,
    epochs: 5,
    shuffle: false,
    verbose: 0,
  });
  return history["loss"] as number[];
}

function comparePredictions(model: tf.LayersModel, reference: string): void {
  const { inputs, outputs } = JSON.parse(fs.readFileSync(reference, "utf8")) as {
    inputs: Stored[];
    outputs: Stored[];
  };
  const xs = inputs.map(tensor);
  const ys = [model.predict(xs.length === 1 ? xs[0]! : xs)].flat();
  ys.forEach((y, i) => {
    const worst = Math.max(...y.sub(tensor(outputs[i]!)).abs().dataSync());
    assert.ok(worst < 1e-5, `output ${i} differs by ${worst}`);
  });
}
