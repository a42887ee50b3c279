import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import type { ModelFile, StoredWeight } from "../../../../src/formats/model-file.js";
import { openModelFile } from "../../../../src/formats/open.js";

/** Made by test/fixtures/checkpoints.py with TensorFlow. */
const FIXTURES = "test/fixtures/checkpoints";

type Values = Readonly<Record<string, { readonly shape: number[]; readonly values: (number | boolean)[] }>>;
const expected = JSON.parse(fs.readFileSync(path.join(FIXTURES, "expected.json"), "utf8")) as Record<
  "tf1" | "shards",
  Values
>;

async function compare(model: ModelFile, values: Values): Promise<void> {
  const weights = model.layers.flatMap((layer): readonly StoredWeight[] => layer.weights);
  assert.deepEqual(weights.map(({ path: name }) => name).sort(), Object.keys(values).sort());
  for (const weight of weights) {
    assert.deepEqual(weight.shape, values[weight.path]!.shape);
    assert.deepEqual([...(await weight.read())].map(Number), values[weight.path]!.values.map(Number));
  }
  model.close();
}

describe("formats/checkpoint: what TensorFlow 1 wrote", () => {
  for (const name of ["v1", "v1/model.ckpt-7", "v1/checkpoint"])
    it(`version 1, by ${name}`, async () => {
      await compare(await openModelFile(path.join(FIXTURES, name)), expected.tf1);
    });

  for (const name of ["v2", "v2/model.ckpt-7", "v2/checkpoint", "v2/model.ckpt-7.data-00000-of-00001"])
    it(`version 2, by ${name}`, async () => {
      await compare(await openModelFile(path.join(FIXTURES, name)), expected.tf1);
    });

  for (const name of ["shards", "shards/model", "shards/model.index", "shards/model.data-00001-of-00003"])
    it(`several shards, by ${name}`, async () => {
      await compare(await openModelFile(path.join(FIXTURES, name)), expected.shards);
    });

  it("a SavedModel in text form, with fields that this reader does not know", async () => {
    const model = await openModelFile(path.join(FIXTURES, "text"));
    assert.equal(model.format, "saved-model");
    await compare(model, expected.tf1);
  });
});
