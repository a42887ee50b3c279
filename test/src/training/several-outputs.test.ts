import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import * as tf from "@tensorflow/tfjs";
import { loadModel } from "../../../src/index.js";

interface Reference {
  readonly x: number[][];
  readonly first: number[][];
  readonly second: number[][];
  readonly history: Readonly<Record<string, readonly number[]>>;
  readonly evaluated: Readonly<Record<string, number>>;
}

const FIXTURES = "test/fixtures/training";

// test/fixtures/several_outputs.py
describe("a model of several outputs whose last batch is short", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-several-"));
  after(() => fs.rmSync(folder, { recursive: true }));

  for (const name of ["several-keras2.h5", "several-keras3.keras"])
    it(`${name} has the losses of each output that Keras shows`, async () => {
      const saved = fs.readFileSync(path.join(FIXTURES, name.replace(/\.\w+$/, ".json")), "utf8");
      const reference = JSON.parse(saved) as Reference;
      const file = path.join(folder, name);
      fs.writeFileSync(file, gunzipSync(fs.readFileSync(path.join(FIXTURES, `${name}.gz`))));
      const model = await loadModel(file);
      const x = tf.tensor2d(reference.x);
      const targets = [tf.tensor2d(reference.first), tf.tensor2d(reference.second)];
      const { history } = await model.fit(x, targets, {
        epochs: 2,
        batchSize: 3,
        shuffle: false,
        verbose: 0,
      });
      for (const [key, values] of Object.entries(reference.history))
        values.forEach((value, epoch) => near(history[key]![epoch] as number, value, `${key} ${epoch}`));
      const scores = model.evaluate(x, targets, { batchSize: 3 }) as tf.Scalar[];
      for (const [i, key] of model.metricsNames.entries())
        near(scores[i]!.dataSync()[0]!, reference.evaluated[key]!, key);
      model.dispose();
    });
});

function near(value: number, expected: number, what: string): void {
  assert.ok(Math.abs(value - expected) < 1e-5, `${what}: ${value} for ${expected}`);
}
