import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as tf from "@tensorflow/tfjs";
import { openModel, saveModel } from "../../../src/index.js";
import { assertSame } from "../loading/cases/case.js";
import { openModelFile } from "../../../src/formats/open.js";
import type { JsonValue } from "../../../src/formats/model-file.js";
import { dense, functional, layer, savedLayer, sequential, type JsonObject } from "../loading/cases/parts.js";
import { writeArchive, writeHdf5 } from "../loading/cases/write.js";

describe("a model saved as .h5", () => {
  let folder: string;

  before(async () => {
    await tf.setBackend("cpu");
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-save-"));
  });
  after(() => fs.rmSync(folder, { recursive: true }));

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
});
