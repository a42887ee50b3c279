import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as tf from "@tensorflow/tfjs";
import { openModel, saveModel } from "../../../src/index.js";
import { assertSame } from "../loading/cases/case.js";
import { openModelFile } from "../../../src/formats/open.js";
import type { JsonValue } from "../../../src/formats/model-file.js";
import { dense, functional, layer, savedLayer, sequential } from "../loading/cases/parts.js";
import { writeArchive, writeHdf5 } from "../loading/cases/write.js";

describe("a model saved as .keras", () => {
  let folder: string;

  before(async () => {
    await tf.setBackend("cpu");
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-save-"));
  });
  after(() => fs.rmSync(folder, { recursive: true }));

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
});
