import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as tf from "@tensorflow/tfjs";
import { openModel, saveModel } from "../../../src/index.js";
import { openModelFile } from "../../../src/formats/open.js";
import { layer, sequential } from "../loading/cases/parts.js";
import { writeArchive, writeHdf5 } from "../loading/cases/write.js";

describe("preprocessing layers that are saved", () => {
  let folder: string;

  before(async () => {
    await tf.setBackend("cpu");
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-save-"));
  });
  after(() => fs.rmSync(folder, { recursive: true }));

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
});

/** Shapes of the stored weights whose path has the pattern, by their paths in the archive's `layers`. */
async function shapesIn(target: string, pattern: RegExp): Promise<Record<string, readonly number[]>> {
  const file = await openModelFile(target);
  const found = file.layers.flatMap(({ weights }) => weights).filter((each) => pattern.test(each.name));
  file.close();
  return Object.fromEntries(found.map(({ name, shape }) => [name.replace(/^layers\//, ""), shape]));
}
