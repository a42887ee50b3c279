import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { FileSource } from "../../../src/formats/byte-source.js";
import type { Dataset } from "../../../src/formats/hdf5/dataset.js";
import { datasets, find } from "../../../src/formats/hdf5/group.js";
import { openHdf5 } from "../../../src/formats/hdf5/open-hdf5.js";
import { openModel } from "./open-model.js";
import { difference, type StoredTensor } from "./reference.js";
import { startOn } from "./start-on.js";

const ROOT = "../shared/models";

/** Models that stand in other folders than the numbers that belong to them. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ["simple_lstm_tf_keras_1_model.h5", "A15"],
  ["causal_conv1d_k3_s1_d2_cl_model.h5", "B29"],
]);

async function stored(dataset: Dataset): Promise<StoredTensor> {
  const values = (await dataset.read()) as Float32Array;
  return { dtype: "float32", shape: [...dataset.shape], values: Array.from(values) };
}

/** The datasets of a group, sorted by name; none where the group is missing. */
async function group(path: string, name: string): Promise<StoredTensor[]> {
  const source = FileSource.open(path);
  try {
    const found = find(openHdf5(path, source).root, name);
    if (found?.kind !== "group") return [];
    return await Promise.all([...datasets(found)].map(stored));
  } finally {
    source.close();
  }
}

describe("models of public repositories with Keras's own numbers", () => {
  const folders = ["causal_conv1d", "simple_lstm"].map((name) => join(ROOT, "G/examples", name));
  if (!existsSync(ROOT)) {
    it("are there", function () {
      console.log("    skipped: ../shared/models is not there");
      this.skip();
    });
    return;
  }
  before(() => startOn("cpu"));
  const files = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  for (const numbers of files.filter((file) => file.endsWith("_inputs_and_outputs.h5"))) {
    const model = numbers.replace("_inputs_and_outputs", "_model");
    const elsewhere = ELSEWHERE.get(basename(model));
    const path = elsewhere ? join(ROOT, elsewhere, basename(model)) : model;
    it(basename(model), async function () {
      if (!existsSync(path)) {
        console.log(`    skipped: ${basename(path)} is not among them`);
        this.skip();
      }
      const opened = await openModel(path);
      assert.deepEqual(opened.findings, []);
      const predictions = await group(numbers, "predictions");
      // Without predictions, the outputs of the simple_* files are what the model was trained towards.
      const targets = predictions.length === 0 && basename(model).startsWith("simple_");
      const expected = predictions.length > 0 ? predictions : await group(numbers, "outputs");
      const [x] = await group(numbers, "inputs");
      const y = opened.model!.predict(tf.tensor(x!.values as number[], x!.shape)) as tf.Tensor;
      if (targets) assert.deepEqual(y.shape, expected[0]!.shape);
      else assert.ok((await difference(y, expected[0]!)) < 1e-5);
    });
  }
});
