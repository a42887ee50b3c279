import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs";
import { layers, openModel, saveModel } from "../../../src/index.js";
import { assertSame } from "../loading/cases/case.js";
import { openModelFile } from "../../../src/formats/open.js";
import type { JsonValue } from "../../../src/formats/model-file.js";
import {
  dense,
  functional,
  layer,
  savedLayer,
  sequential,
  type JsonObject,
  type Parts,
} from "../loading/cases/parts.js";
import { writeArchive, writeHdf5 } from "../loading/cases/write.js";

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
        const session = await openModel(source);
        if (!session.model) return this.skip();
        if (name.startsWith("attended.keras3") && ending !== ".keras") {
          console.log(
            "      skipped: attention takes masks off its inputs in Keras 3.8 and later, in Keras 2 it leaves them",
          );
          return this.skip();
        }
        const target = path.join(folder, `${path.parse(name).name}${ending}`);
        await saveModel(session.model, target, { overwrite: true });
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

  it("functions of TensorFlow between Keras 2's layers become operations of Keras 3", async () => {
    const parts = functional(
      2,
      { x: [null, 6] },
      [
        [dense("hidden", 6, 5), "x"],
        [layer("TFOpLambda", "tf.math.multiply", { function: "math.multiply" }), "hidden"],
        [layer("TFOpLambda", "tf.math.reduce_mean", { function: "math.reduce_mean" }), "tf.math.multiply"],
        [layer("SlicingOpLambda", "getitem", { function: "__operators__.getitem" }), "tf.math.multiply"],
        [layer("TFOpLambda", "tf.math.subtract", { function: "math.subtract" }), "getitem"],
      ],
      ["tf.math.subtract"],
    );
    const given = (name: string, from: string, kwargs: Record<string, unknown>) =>
      (savedLayer(parts, name)["inbound_nodes"] = [[from, 0, 0, kwargs]] as never);
    given("tf.math.multiply", "hidden", { y: 2.5, name: null });
    given("tf.math.reduce_mean", "tf.math.multiply", { axis: -1, keepdims: true });
    const all = { start: null, stop: null, step: null };
    given("getitem", "tf.math.multiply", { slice_spec: [all, { ...all, stop: 2 }] });
    given("tf.math.subtract", "getitem", { y: ["tf.math.reduce_mean", 0, 0], name: null });
    const model = (await openModel(await writeHdf5(path.join(folder, "operations.h5"), parts))).finished();
    const target = path.join(folder, "operations.keras");
    await saveModel(model, target);
    assert.ok(
      !fs.existsSync(path.join(folder, "operations_layers.py")),
      "nothing is left to define in Python",
    );
    const session = await openModel(target);
    const classes = session.report().summary!.layers.map(({ className }) => className);
    assert.deepEqual(classes.slice(2).toSorted(), ["GetItem", "Mean", "Multiply", "Subtract"]);
    await assertSame(session.finished(), model);
  });

  it("an .h5 leaves out what Keras 3 does not know of Keras 2's defaults, and says what Keras 3 makes otherwise", async () => {
    const inner = { name: "inner", units: 2, activation: "linear", use_bias: true };
    const parts = sequential(
      2,
      [null, 3, 2],
      [
        layer(
          "LSTM",
          "steps",
          { units: 2, recurrent_activation: "hard_sigmoid", time_major: false, return_sequences: true },
          { kernel: [2, 8], recurrent_kernel: [2, 8], bias: [8] },
        ),
        layer(
          "TimeDistributed",
          "each",
          { layer: { class_name: "Dense", config: inner } },
          { kernel: [2, 2], bias: [2] },
        ),
      ],
    );
    const model = (await openModel(await writeHdf5(path.join(folder, "both.h5"), parts))).finished();
    const target = path.join(folder, "both_saved.h5");
    const { notes } = await saveModel(model, target);
    assert.match(
      notes.join(),
      /hard_sigmoid is another function in Keras 3, which gets other numbers in steps; save it as \.keras/,
    );
    const file = await openModelFile(target);
    file.close();
    const text = JSON.stringify(file.config);
    assert.doesNotMatch(text, /time_major/);
    await assertSame((await openModel(target)).finished(), model);
    assert.match(text, /"layer":\{"module":"keras\.layers","class_name":"Dense"/);
  });

  it("a Sequential stays one in an .h5, with the output of a model in it bare, as Keras 3 reads it too", async () => {
    const inner = functional(2, { x: [null, 3] }, [[dense("hidden", 3, 4), "x"]], ["hidden"]);
    const parts = sequential(2, [null, 3], [dense("out", 4, 2)]);
    const [input, out] = (parts.config["config"] as { layers: JsonObject[] }).layers;
    const nested = {
      class_name: "Functional",
      config: { ...(inner.config["config"] as JsonObject), name: "inner" },
    };
    parts.config = { class_name: "Sequential", config: { name: "outer", layers: [input!, nested, out!] } };
    parts.layers.unshift({ name: "inner", className: "Functional", weights: inner.layers.at(-1)!.weights });
    const model = (await openModel(await writeHdf5(path.join(folder, "chain.h5"), parts))).finished();
    for (const [ending, outputs] of [
      ["h5", '"output_layers":\\["hidden",0,0\\]'],
      ["json", '"output_layers":\\[\\["hidden",0,0\\]\\]'],
    ]) {
      const target = path.join(folder, `chained.${ending!}`);
      const { notes } = await saveModel(model, target);
      assert.doesNotMatch(notes.join(), /Keras 3 does not read/);
      const file = await openModelFile(target);
      file.close();
      const text = JSON.stringify(file.config);
      assert.match(text, /^\{"class_name":"Sequential"/);
      assert.match(text, new RegExp(outputs!));
      await assertSame((await openModel(target)).finished(), model);
    }
  });

  it("text in an .h5 is ASCII, which Keras 2 reads with h5py before 3 too", async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] });
    const target = path.join(folder, "text.h5");
    await saveModel(model, target);
    const library = await import("h5wasm");
    const { FS } = (await library.ready) as unknown as {
      FS: { writeFile(name: string, data: Uint8Array): void };
    };
    FS.writeFile("/text.h5", fs.readFileSync(target));
    const file = new library.File("/text.h5", "r");
    const { model_config: config } = file.attrs;
    const { layer_names: names } = (file.get("model_weights") as InstanceType<typeof library.Group>).attrs;
    assert.equal(config!.metadata.cset, 0);
    assert.deepEqual([names!.metadata.cset, names!.metadata.vlen], [0, false]);
    file.close();
  });

  it("a .weights.h5 has the weights alone, in Keras 3's layout", async () => {
    const parts = sequential(2, [null, 3], [dense("hidden", 3, 4), dense("out", 4, 2)]);
    const model = (await openModel(await writeHdf5(path.join(folder, "all.h5"), parts))).finished();
    const own = fs.mkdtempSync(path.join(folder, "weights-"));
    const target = path.join(own, "alone.weights.h5");
    const { notes } = await saveModel(model, target);
    assert.match(notes.join(), /load_weights/);
    const file = await openModelFile(target);
    file.close();
    assert.equal(file.config, null);
    assert.deepEqual(
      file.layers.flatMap(({ weights }) => weights.map((each) => each.path)),
      ["0", "1"]
        .flatMap((i) => [`/layers/dense/vars/${i}`])
        .concat(["/layers/dense_1/vars/0", "/layers/dense_1/vars/1"]),
    );
    fs.writeFileSync(path.join(own, "model.json"), JSON.stringify(parts.config));
    await assertSame((await openModel(target)).finished(), model);
    const held = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] });
    const whole = tf.sequential({ layers: [held, tf.layers.dense({ units: 2 })] });
    const nested = path.join(own, "nested.weights.h5");
    await saveModel(whole, nested);
    const paths = (await openModelFile(nested)).layers.flatMap(({ weights }) =>
      weights.map((each) => each.path),
    );
    assert.ok(paths.includes("/layers/sequential/layers/dense/vars/0"), paths.join());
  });

  it("preprocessing layers keep their arguments of TensorFlow 2.4, and types that Keras 2 takes", async () => {
    const lookup = layer("IntegerLookup", "numbers", {
      dtype: "int64",
      num_oov_indices: 1,
      mask_value: 0,
      oov_value: -1,
      max_values: null,
      vocabulary: [3, 5, 9],
    });
    const parts = sequential(2, [null, 1], [lookup], "int64");
    const model = (await openModel(await writeHdf5(path.join(folder, "numbers.h5"), parts))).finished();
    const numbers = tf.tensor2d([[5], [0], [1]], [3, 1], "int32");
    const places = (each: tf.LayersModel) => [...(each.predict(numbers) as tf.Tensor).dataSync()];
    assert.deepEqual(places(model), [3, 0, 1]);
    for (const ending of ["keras", "h5"]) {
      const target = path.join(folder, `numbers-saved.${ending}`);
      await saveModel(model, target);
      assert.deepEqual(places((await openModel(target)).finished()), [3, 0, 1], ending);
    }
    const file = await openModelFile(path.join(folder, "numbers-saved.h5"));
    file.close();
    assert.doesNotMatch(JSON.stringify(file.config), /"name":"numbers"[^}]*"dtype":"float32"/);
  });

  it("an .h5 has learned boundaries without their number, and lengths of n-grams as a tuple", async () => {
    const bins = layer("Discretization", "part", { bin_boundaries: [0, 1], num_bins: 3, output_mode: "int" });
    const words = layer("TextVectorization", "part", {
      vocabulary: ["a", "b", "a b c"],
      ngrams: [1, 3],
      output_mode: "int",
      standardize: null,
    });
    const parts = {
      bins: sequential(3, [null, 1], [bins]),
      words: sequential(3, [null, 1], [words], "string"),
    };
    const saved: Record<string, JsonValue> = {};
    for (const [name, each] of Object.entries(parts)) {
      const source = await writeArchive(path.join(folder, `${name}.keras`), each);
      const target = path.join(folder, `${name}-saved.h5`);
      await saveModel((await openModel(source)).finished(), target);
      assert.equal((await openModel(target)).state, "loaded", name);
      const file = await openModelFile(target);
      file.close();
      saved[name] = JSON.stringify(file.config);
    }
    assert.doesNotMatch(String(saved["bins"]), /num_bins/);
    assert.match(String(saved["words"]), /"ngrams":\{"class_name":"__tuple__","items":\[1,3\]\}/);
  });

  it("a schedule has the module that Keras 3 looks for it in, and a loss without its optimizer is told", async () => {
    const model = sequential(2, [null, 3], [dense("out", 3, 2)]);
    const schedule = {
      class_name: "ExponentialDecay",
      config: { initial_learning_rate: 0.1, decay_steps: 9, decay_rate: 0.5, staircase: false },
    };
    const compiled = {
      loss: "mse",
      optimizer_config: { class_name: "SGD", config: { name: "SGD", learning_rate: schedule } },
    };
    const file = await writeHdf5(path.join(folder, "schedule.h5"), { ...model, training: compiled });
    const target = path.join(folder, "schedule.keras");
    await saveModel((await openModel(file)).finished(), target);
    const saved = await openModelFile(target);
    saved.close();
    assert.match(
      JSON.stringify(saved.trainingConfig),
      /"learning_rate":\{"class_name":"ExponentialDecay",.*"module":"keras\.optimizers\.schedules"/,
    );
    const alone = await writeHdf5(path.join(folder, "loss.h5"), { ...model, training: { loss: "mse" } });
    const { notes } = await saveModel((await openModel(alone)).finished(), path.join(folder, "loss.keras"));
    assert.match(notes.join(), /Keras takes them with an optimizer only/);
  });

  it("constants of TensorFlow's functions stay floats in an .h5, and first where they were", async () => {
    const node = (name: string, op: string, constants: Record<string, number>) =>
      layer("TensorFlowOpLayer", `tf_op_layer_${name}`, {
        node_def: { name, op, input: ["x", "y"], attr: { T: { type: "DT_FLOAT" } } },
        constants,
      });
    const parts = functional(
      2,
      { x: [null, 3] },
      [
        [node("mul", "Mul", { 1: 2 }), "x"],
        [layer("TFOpLambda", "tf.__operators__.add", { function: "__operators__.add" }), "tf_op_layer_mul"],
      ],
      ["tf.__operators__.add"],
    );
    savedLayer(parts, "tf.__operators__.add")["inbound_nodes"] = [
      ["_CONSTANT_VALUE", -1, 1, { y: ["tf_op_layer_mul", 0, 0], name: null }],
    ] as never;
    const model = (await openModel(await writeHdf5(path.join(folder, "constants.h5"), parts))).finished();
    const target = path.join(folder, "constants_saved.h5");
    const { notes } = await saveModel(model, target);
    assert.match(notes.join(), /Keras 3 does not read tf_op_layer_mul, tf\.__operators__\.add in an \.h5/);
    const text = fs.readFileSync(target).toString("latin1");
    assert.match(text, /"constants":\{"1":2\.0\}/);
    assert.match(text, /"name":"mul"/);
    assert.match(text, /"inbound_nodes":\[\["_CONSTANT_VALUE",-1,1\.0,/);
    await assertSame((await openModel(target)).finished(), model);
  });

  it("layers of Keras 1 that have another name since are saved as Keras's own, without a module beside", async () => {
    const merge = (name: string, mode: string) =>
      layer("Merge", name, { mode, concat_axis: 1, dot_axes: [[1], [1]], output_shape: null, arguments: {} });
    const parts = functional(
      2,
      { x: [null, 4], y: [null, 4] },
      [
        [merge("sum", "sum"), "x", "y"],
        [merge("both", "concat"), "sum", "x"],
        [merge("dot", "dot"), "sum", "y"],
        [dense("out", 8, 3), "both"],
      ],
      ["out", "dot"],
    );
    parts.version = "1.2.2";
    const file = await writeHdf5(path.join(folder, "one.h5"), parts);
    const unbroken = (await openModel(file)).finished();
    for (const ending of ["keras", "h5"]) {
      const target = path.join(folder, `today.${ending}`);
      await saveModel(unbroken, target);
      assert.ok(!fs.existsSync(path.join(folder, "today_layers.py")), ending);
      const { config } = await openModelFile(target);
      const saved = JSON.stringify(config);
      for (const name of ["Add", "Concatenate", "Dot"])
        assert.ok(saved.includes(`"class_name":"${name}"`), `${name} ${ending}`);
      assert.doesNotMatch(saved, /Merge/);
      await assertSame((await openModel(target)).finished(), unbroken);
    }
  });

  it("hard_sigmoid of Keras 2 is saved in layers of Keras 3, and back under its name", async () => {
    const model = sequential(2, [null, 3], [dense("hidden", 3, 4), dense("out", 4, 2)]);
    for (const name of ["hidden", "out"]) savedLayer(model, name).config["activation"] = "hard_sigmoid";
    const source = (await openModel(await writeHdf5(path.join(folder, "hard.h5"), model))).finished();
    const archive = path.join(folder, "hard.keras");
    assert.equal((await saveModel(source, archive)).files.length, 1, "no Python beside it");
    const newer = (await openModel(archive)).finished();
    const back = path.join(folder, "hard-back.h5");
    await saveModel(newer, back);
    const again = (await openModel(back)).finished();
    const file = await openModelFile(back);
    file.close();
    assert.match(JSON.stringify(file.config), /"activation":"hard_sigmoid"/);
    const x = tf.tensor2d([
      [-4, 2, 9],
      [1, -1, 0.5],
    ]);
    const [expected, ...others] = [source, newer, again].map((each) =>
      (each.predict(x) as tf.Tensor).dataSync(),
    );
    for (const other of others) other.forEach((y, i) => assert.ok(Math.abs(y - expected![i]!) < 1e-6));
  });

  it("an .h5 has activations of Keras 3 alone in Python beside it, and silu by the name that all of Keras 2 has", async () => {
    const names = ["hard_silu", "sparsemax", "silu", "relu"];
    const model = sequential(
      3,
      [null, 3],
      names.map((name) => dense(name, 3, 3, { activation: name })),
    );
    const source = (await openModel(await writeArchive(path.join(folder, "newer.keras"), model))).finished();
    const { files, notes } = await saveModel(source, path.join(folder, "newer.h5"));
    assert.match(notes.join(), /newer_keras2_layers\.py defines what Keras does not have: import it/);
    const python = fs.readFileSync(files[1]!.path, "utf8");
    assert.match(python, /def hard_silu\(x\):\n {4}return x \* tf\.nn\.relu6\(x \+ 3\.0\) \/ 6\.0\n/);
    assert.match(python, /get_custom_objects\(\)\["sparsemax"\] = sparsemax/);
    assert.doesNotMatch(python, /def (silu|relu)/);
    const file = await openModelFile(files[0]!.path);
    file.close();
    const saved = [...JSON.stringify(file.config).matchAll(/"activation":"(\w+)"/g)].map(([, name]) => name);
    assert.deepEqual(saved, ["hard_silu", "sparsemax", "swish", "relu"]);
    await assertSame((await openModel(files[0]!.path)).finished(), source);
  });

  it("names interpolations that Keras 3 lacks", async () => {
    const resized = layer("UpSampling2D", "larger", { size: [2, 2], interpolation: "gaussian" });
    const model = sequential(2, [null, 4, 4, 1], [resized]);
    const source = (await openModel(await writeHdf5(path.join(folder, "larger.h5"), model))).finished();
    const { notes } = await saveModel(source, path.join(folder, "larger.keras"));
    assert.match(notes.join(), /Keras 3 lacks the interpolation of larger \(gaussian\)/);
    const older = await saveModel(source, path.join(folder, "larger-back.h5"));
    assert.doesNotMatch(older.notes.join(), /interpolation/);
  });

  it("a rate that decays is saved as Keras 3's schedule, and words of the archive's assets in the config", async () => {
    const model = sequential(2, [null, 3], [dense("hidden", 3, 4), dense("out", 4, 2)]);
    const config = { name: "SGD", learning_rate: 0.1, decay: 0.5, momentum: 0, nesterov: false };
    const training = { loss: "mean_squared_error", optimizer_config: { class_name: "SGD", config } };
    const source = (
      await openModel(await writeHdf5(path.join(folder, "decay.h5"), { ...model, training }))
    ).finished();
    const target = path.join(folder, "decay.keras");
    await saveModel(source, target);
    const saved = (await openModel(target)).finished();
    const [x, y] = [tf.ones([4, 3]), tf.zeros([4, 2])];
    const losses = async (each: tf.LayersModel) =>
      (await each.fit(x, y, { epochs: 4, shuffle: false, verbose: 0 })).history["loss"] as number[];
    const [expected, found] = [await losses(source), await losses(saved)];
    found.forEach((loss, i) =>
      assert.ok(Math.abs(loss - expected[i]!) < 1e-6, `${found.join()} / ${expected.join()}`),
    );

    const lookup = layer("StringLookup", "words", {
      num_oov_indices: 1,
      oov_token: "[UNK]",
      mask_token: null,
    });
    const texts = sequential(3, [null, 1], [lookup], "string");
    const archive = await writeArchive(path.join(folder, "words.keras"), texts, {
      more: { "assets/layers/string_lookup/vocabulary.txt": "[UNK]\nred\nblue\n" },
    });
    const kept = path.join(folder, "words-saved.keras");
    await saveModel((await openModel(archive)).finished(), kept);
    const colours = (await openModel(kept))
      .finished()
      .predict(tf.tensor2d([["blue"], ["red"], ["?"]])) as tf.Tensor;
    assert.deepEqual([...colours.dataSync()].map(Number), [2, 1, 0]);
  });

  it("words that were counted by adapt are saved with their weights, without which Keras refuses them", async () => {
    const weighed = { output_mode: "tf_idf", max_tokens: 5, pad_to_max_tokens: true, num_oov_indices: 1 };
    const lookup = layer("StringLookup", "words", weighed, { idf_weights: [5] });
    const archive = await writeArchive(
      path.join(folder, "counted.keras"),
      sequential(3, [null, 2], [lookup], "string"),
      { more: { "assets/layers/string_lookup/vocabulary.txt": "[UNK]\nred\nblue" } },
    );
    const source = (await openModel(archive)).finished();
    const texts = tf.tensor2d([
      ["blue", "red"],
      ["?", "red"],
    ]);
    const values = async (model: tf.LayersModel) => [...(await (model.predict(texts) as tf.Tensor).data())];
    const wanted = await values(source);
    assert.ok(wanted.some((value) => value !== 0));
    const [stored] = source.getWeights();
    for (const ending of ["keras", "h5"]) {
      const target = path.join(folder, `counted-saved.${ending}`);
      await saveModel(source, target);
      const file = await openModelFile(target);
      file.close();
      const { config } = JSON.parse(JSON.stringify(file.config)) as {
        config: { layers: { class_name: string; config: Record<string, unknown> }[] };
      };
      const saved = config.layers.find(({ class_name }) => class_name === "StringLookup")!.config;
      assert.deepEqual(saved["vocabulary"], ["[UNK]", "red", "blue"]);
      assert.deepEqual(saved["idf_weights"], [...stored!.dataSync()].slice(0, 3));
      assert.deepEqual(await values((await openModel(target)).finished()), wanted);
    }
  });

  it("GroupQueryAttention's weights stand under the name of its Python class, where Keras looks for them", async () => {
    const input = tf.input({ shape: [3, 4] });
    const attention = layers.groupQueryAttention({ headDim: 2, numQueryHeads: 2, numKeyValueHeads: 1 });
    const model = tf.model({ inputs: input, outputs: attention.apply([input, input]) as tf.SymbolicTensor });
    const target = path.join(folder, "grouped.keras");
    await saveModel(model, target);
    const file = await openModelFile(target);
    const paths = file.layers.flatMap(({ weights }) => weights.map((each) => each.path)).join();
    file.close();
    assert.match(paths, /grouped_query_attention\/_query_dense/);
  });

  it("a gate of attention has a place of its own, where Keras looks for it", async () => {
    const input = tf.input({ shape: [3, 4] });
    const grouped = { headDim: 2, numQueryHeads: 2, numKeyValueHeads: 1 };
    const gated = [
      layers.multiHeadAttention({ numHeads: 2, keyDim: 3, useGate: true }),
      layers.groupQueryAttention({ ...grouped, useGate: true, useBias: false }),
    ];
    const outputs = gated.map((attention) => attention.apply([input, input]) as tf.SymbolicTensor);
    const target = path.join(folder, "gated.keras");
    await saveModel(tf.model({ inputs: input, outputs }), target);
    assert.deepEqual(await shapesIn(target, /gate/), {
      "multi_head_attention/_gate_dense/vars/0": [4, 2, 3],
      "multi_head_attention/_gate_dense/vars/1": [2, 3],
      "grouped_query_attention/_gate_dense/vars/0": [4, 2, 2],
    });
  });

  it("divides Bidirectional where its two layers have unlike numbers of weights", async () => {
    const of = (use_bias: boolean) => ({
      class_name: "GRU",
      config: { units: 2, use_bias, name: `gru_${use_bias}` },
    });
    const both = { layer: of(true), backward_layer: { ...of(false) } };
    both.backward_layer.config = { ...both.backward_layer.config, go_backwards: true } as never;
    const weights = {
      "forward/kernel": [3, 6],
      "forward/recurrent_kernel": [2, 6],
      "forward/bias": [2, 6],
      "backward/kernel": [3, 6],
      "backward/recurrent_kernel": [2, 6],
    };
    const parts = sequential(2, [null, 5, 3], [layer("Bidirectional", "two", both, weights)]);
    const session = await openModel(await writeHdf5(path.join(folder, "unlike.h5"), parts));
    const target = path.join(folder, "unlike.keras");
    await saveModel(session.finished(), target);
    assert.deepEqual(await shapesIn(target, /bidirectional/), {
      "bidirectional/forward_layer/cell/vars/0": [3, 6],
      "bidirectional/forward_layer/cell/vars/1": [2, 6],
      "bidirectional/forward_layer/cell/vars/2": [2, 6],
      "bidirectional/backward_layer/cell/vars/0": [3, 6],
      "bidirectional/backward_layer/cell/vars/1": [2, 6],
    });
  });

  it("gives a Bidirectional whose layer goes backwards the other one, which Keras 3 makes go backwards too", async () => {
    const gru = { class_name: "GRU", config: { units: 2, go_backwards: true, name: "gru" } };
    const weights = Object.fromEntries(
      ["forward", "backward"].flatMap((way) => [
        [`${way}/kernel`, [3, 6]],
        [`${way}/recurrent_kernel`, [2, 6]],
        [`${way}/bias`, [2, 6]],
      ]),
    );
    const parts = sequential(2, [null, 5, 3], [layer("Bidirectional", "two", { layer: gru }, weights)]);
    const model = (await openModel(await writeHdf5(path.join(folder, "turned.h5"), parts))).finished();
    const target = path.join(folder, "turned.keras");
    await saveModel(model, target);
    const archive = await openModelFile(target);
    const config = JSON.stringify(archive.config);
    archive.close();
    assert.match(config, /"backward_layer":\{.*"go_backwards":false/);
    const x = tf.randomNormal([2, 5, 3], 0, 1, "float32", 3);
    const [first, again] = [model, (await openModel(target)).finished()].map(
      (each) => each.predict(x) as tf.Tensor,
    );
    assert.ok(Math.max(...first!.sub(again!).abs().dataSync()) < 1e-6);
  });

  it("keeps whole numbers of inputs and of layers that give some, and what weighs counts under its name", async () => {
    const hashing = layer("Hashing", "hashed", { dtype: "int64", num_bins: 7, output_mode: "int" });
    const ids = sequential(3, [null, 2], [hashing], "int64");
    const weighed = { vocabulary: [3, 5, 9], output_mode: "tf_idf", idf_weights: [0.1, 0.2, 0.3] };
    const lookup = layer("IntegerLookup", "numbers", weighed, { idf_weights: [4] });
    const counts = sequential(3, [null, 2], [lookup], "int64");
    for (const [name, parts] of Object.entries({ ids, counts })) {
      const source = await writeHdf5(path.join(folder, `${name}.h5`), parts);
      await saveModel((await openModel(source)).finished(), path.join(folder, `${name}.keras`));
    }
    const file = await openModelFile(path.join(folder, "ids.keras"));
    file.close();
    const types = [
      ...JSON.stringify(file.config).matchAll(/"name":"(input_1|hashed)"[^{}]*"dtype":"(\w+)"/g),
    ];
    assert.deepEqual(
      types.map(([, name, type]) => [name, type]),
      [
        ["input_1", "int64"],
        ["hashed", "int64"],
      ],
    );
    assert.deepEqual(await shapesIn(path.join(folder, "counts.keras"), /idf/), {
      "integer_lookup/vars/idf_weights": [4],
    });
  });

  it("writes arrays that operations of Keras 3 take as arrays of their type", async () => {
    const parts = functional(
      3,
      { x: [null, 2] },
      [[layer("Tensordot", "product", { axes: 1 }), "x"]],
      ["product"],
    );
    const config = {
      value: [
        [1, 2, 3],
        [4, 5, 6],
      ],
      dtype: "float64",
    };
    const saved = savedLayer(parts, "product");
    const [x] = (saved["inbound_nodes"] as { args: JsonValue[] }[])[0]!.args;
    const args = [x!, { class_name: "__numpy__", config }];
    Object.assign(saved, { module: "keras.src.ops.numpy", inbound_nodes: [{ args, kwargs: {} }] });
    Object.assign(saved, { config: { name: "product", axes: 1 } });
    const model = (await openModel(await writeHdf5(path.join(folder, "array.h5"), parts))).finished();
    const target = path.join(folder, "array.keras");
    await saveModel(model, target);
    const file = await openModelFile(target);
    file.close();
    const written = JSON.stringify(file.config);
    assert.ok(written.includes(JSON.stringify({ class_name: "__tensor__", config })), written);
    await assertSame((await openModel(target)).finished(), model);
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

  it("divides the weights of a model inside a wrapper among its layers, where Keras looks for them", async () => {
    const inner = sequential(2, [null, 3], [dense("first", 3, 2), dense("second", 2, 4)]).config;
    const weights = {
      "first/kernel": [3, 2],
      "first/bias": [2],
      "second/kernel": [2, 4],
      "second/bias": [4],
    };
    const parts = sequential(2, [null, 5, 3], [layer("TimeDistributed", "each", { layer: inner }, weights)]);
    const session = await openModel(await writeHdf5(path.join(folder, "each.h5"), parts));
    const target = path.join(folder, "each_saved.keras");
    await saveModel(session.finished(), target, { overwrite: true });
    const file = await openModelFile(target);
    assert.deepEqual(
      file.layers.flatMap((stored) => stored.weights).map(({ name, shape }) => [name, shape]),
      ["dense/vars/0", "dense/vars/1", "dense_1/vars/0", "dense_1/vars/1"].map((name, k) => [
        `layers/time_distributed/layer/layers/${name}`,
        Object.values(weights)[k],
      ]),
    );
    file.close();
    const x = tf.randomNormal([2, 5, 3], 0, 1, "float32", 7);
    const run = (model: tf.LayersModel) => (model.predict(x) as tf.Tensor).dataSync();
    const again = (await openModel(target)).finished();
    assert.deepEqual(run(again as tf.LayersModel), run(session.finished() as tf.LayersModel));
  });

  it("takes the weights of a model inside a wrapper layer by layer, where what trains is not all first", async () => {
    const norm = (name: string) => layer("BatchNormalization", name, { axis: [1], epsilon: 0.01 });
    const inner = sequential(2, [null, 3], [norm("first"), norm("second")]).config;
    const names = ["gamma", "beta", "moving_mean", "moving_variance"];
    const both = ["first", "second"];
    const weights = Object.fromEntries(
      [names.slice(0, 2), names.slice(2)].flatMap((some) =>
        both.flatMap((of) => some.map((name) => [`${of}/${name}`, [3]])),
      ),
    );
    const parts = sequential(2, [null, 5, 3], [layer("TimeDistributed", "norms", { layer: inner }, weights)]);
    for (const weight of parts.layers.flatMap((stored) => stored.weights))
      if (weight.name.includes("variance")) weight.values = weight.values.map((n) => Math.abs(n) + 1);
    const model = (await openModel(await writeHdf5(path.join(folder, "norms.h5"), parts))).finished();
    const target = path.join(folder, "norms_saved.keras");
    await saveModel(model, target, { overwrite: true });
    await assertSame((await openModel(target)).finished(), model);
  });

  it("keeps a mixed policy, by which Keras computes the numbers that the model had", async () => {
    const policy = { class_name: "Policy", config: { name: "mixed_float16" } };
    const parts = sequential(2, [null, 3], [dense("mixed", 3, 2, { dtype: policy })]);
    const session = await openModel(await writeHdf5(path.join(folder, "mixed.h5"), parts));
    for (const ending of ["keras", "h5"]) {
      const target = path.join(folder, `mixed_saved.${ending}`);
      await saveModel(session.finished(), target, { overwrite: true });
      const file = await openModelFile(target);
      assert.match(JSON.stringify(file.config), /"dtype":"mixed_float16"/);
      file.close();
    }
  });

  it("writes numbers in a tensor's place as the tensor, for Keras to read its file back", async () => {
    const weights = { kernel: [3, 2], recurrent_kernel: [2, 2], bias: [2] };
    const parts = functional(
      2,
      { x: [null, 4, 3] },
      [
        [layer("SimpleRNN", "steps", { units: 2 }, weights), "x"],
        [layer("Add", "sum"), "steps"],
      ],
      ["sum"],
    );
    const mask = [[true, true, false, true]];
    savedLayer(parts, "steps")["inbound_nodes"] = [[["x", 0, 0, { mask }]]];
    savedLayer(parts, "sum")["inbound_nodes"] = [
      [
        ["steps", 0, 0, {}],
        ["_CONSTANT_VALUE", -1, [[1, -2]], {}],
      ],
    ];
    const held = (await openModel(await writeHdf5(path.join(folder, "held.h5"), parts))).finished();
    const target = path.join(folder, "held_saved.keras");
    await saveModel(held, target);
    const file = await openModelFile(target);
    file.close();
    const written = JSON.stringify(file.config);
    for (const [value, dtype] of [
      [mask, "bool"],
      [[[1, -2]], "float32"],
    ])
      assert.ok(
        written.includes(JSON.stringify({ class_name: "__tensor__", config: { value, dtype } })),
        written,
      );
    await assertSame((await openModel(target)).finished(), held);
    await assert.rejects(
      saveModel(held, path.join(folder, "held_saved.h5")),
      /layer steps is called with numbers \(mask\), which Keras 2 reads back as a list.*Save it as \.keras/,
    );
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

/** Shapes of the stored weights whose path has the pattern, by their paths in the archive's `layers`. */
async function shapesIn(target: string, pattern: RegExp): Promise<Record<string, readonly number[]>> {
  const file = await openModelFile(target);
  const found = file.layers.flatMap(({ weights }) => weights).filter((each) => pattern.test(each.name));
  file.close();
  return Object.fromEntries(found.map(({ name, shape }) => [name.replace(/^layers\//, ""), shape]));
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
