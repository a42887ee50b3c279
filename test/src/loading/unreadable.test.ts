import assert from "node:assert/strict";
import fs from "node:fs";
import zlib from "node:zlib";
import { openModel, tf } from "../../../src/index.js";
import { described } from "./cases/case.js";

const FOLDER = "test/fixtures/unreadable";

interface Stored {
  readonly dtype: "float32" | "int32" | "bool" | "string";
  readonly shape: number[];
  readonly values: number[];
}

interface References {
  readonly keras: string;
  readonly tried: number;
  readonly files: Readonly<
    Record<string, { case: string; keras_says: string; inputs: Stored[]; outputs: Stored[] }>
  >;
}

describe("files that Keras 3.15 writes and cannot read back", () => {
  const { keras, tried, files } = JSON.parse(
    zlib.gunzipSync(fs.readFileSync(`${FOLDER}/references.json.gz`)).toString(),
  ) as References;

  for (const [name, { case: title, keras_says: says, inputs, outputs }] of Object.entries(files)) {
    it(`${title}: ${says.slice(0, 90)}`, async () => {
      const session = await openModel(`${FOLDER}/${name}`);
      assert.equal(session.state, "loaded", described(session));
      const given = inputs.map(({ values, shape, dtype }) => tf.tensor(values, shape, dtype));
      const found = [session.finished().predict(given.length === 1 ? given[0]! : given)].flat();
      for (const [i, { values, shape }] of outputs.entries()) {
        assert.deepEqual(found[i]!.shape, shape);
        const numbers = await found[i]!.data();
        const furthest = Math.max(...values.map((value, k) => Math.abs(value - Number(numbers[k]))));
        assert.ok(furthest < 1e-4, `output ${i} differs by ${furthest}`);
      }
    });
  }

  it("are as many as the generator found", () => {
    const count = Object.keys(files).length;
    console.log(`    Keras ${keras} cannot read back ${count} of ${tried} files that it wrote`);
    assert.ok(count >= 22);
  });
});
