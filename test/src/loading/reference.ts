import assert from "node:assert/strict";
import fs from "node:fs";
import { tf } from "../../../src/index.js";

export const MODELS = "notebooks/models";

interface Stored {
  readonly inputs: readonly StoredTensor[];
  readonly outputs: readonly StoredTensor[];
}

interface StoredTensor {
  readonly dtype: "float32" | "int32";
  readonly shape: number[];
  readonly values: number[];
}

/** Compares a model's predictions with those that Keras made when the file was written. */
export async function assertPredictsAsKeras(model: tf.LayersModel, name: string): Promise<void> {
  const stored = JSON.parse(fs.readFileSync(`${MODELS}/${name}.reference.json`, "utf8")) as Stored;
  const inputs = stored.inputs.map(({ values, shape, dtype }) => tf.tensor(values, shape, dtype));
  const predicted = [model.predict(inputs.length === 1 ? inputs[0]! : inputs)].flat();
  for (const [i, { shape, values }] of stored.outputs.entries()) {
    assert.deepEqual(predicted[i]!.shape, shape);
    const found = await predicted[i]!.data();
    const furthest = Math.max(...values.map((value, k) => Math.abs(value - found[k]!)));
    assert.ok(furthest < 1e-5, `output ${i} differs from Keras's by ${furthest}`);
  }
}
