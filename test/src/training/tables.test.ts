import assert from "node:assert/strict";
import fs from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { openModel } from "../../../src/index.js";

interface Stored {
  readonly shape: number[];
  readonly values: number[];
  readonly dtype: "float32" | "int32";
}

const FOLDER = new URL("../../../../test/fixtures/table-training/", import.meta.url);
const { data, losses } = JSON.parse(fs.readFileSync(new URL("losses.json", FOLDER), "utf8")) as {
  data: Record<"ids" | "numbers" | "y", Stored>;
  losses: Record<string, number[]>;
};
const tensor = ({ values, shape, dtype }: Stored) => tf.tensor(values, shape, dtype);

describe("tables of words and frozen parts", () => {
  before(() => tf.setBackend("cpu"));

  for (const [name, expected] of Object.entries(losses)) {
    it(`${name} goes on as Keras did`, async () => {
      const file = fs.readdirSync(FOLDER).find((one) => one.startsWith(`${name}.`))!;
      const model = (await openModel(new URL(file, FOLDER).pathname)).finished();
      const [x, y] = [tensor(name.endsWith("frozen") ? data.numbers : data.ids), tensor(data.y)];
      const settings = { batchSize: 4, shuffle: false, verbose: 0 } as const;
      const { history } = await model.fit(x, y, { ...settings, epochs: 5 });
      const found = history["loss"] as number[];
      found.forEach((loss, i) =>
        assert.ok(Math.abs(loss - expected[i]!) < 1e-5, `${found.join()} / ${expected.join()}`),
      );
      const kept = tf.memory().numTensors;
      await model.fit(x, y, { ...settings, epochs: 2 });
      assert.equal(tf.memory().numTensors, kept, "nothing is left behind");
    });
  }
});
