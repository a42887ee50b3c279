import assert from "node:assert/strict";
import fs from "node:fs";
import { tf } from "../../../../src/index.js";
import { readPythonFunction } from "../../../../src/loading/lambda/python-function.js";
import { operationNamed } from "../../../../src/ops/call-by-name.js";
import { ensureBackend } from "../../../../src/runtime/choose.js";

interface Stored {
  readonly shape: number[];
  readonly values: number[];
}

interface Case {
  readonly source: string;
  readonly inputs: number;
  readonly code: string;
  /** TensorFlow's result; null where there is no translation. */
  readonly expected: Stored | null;
}

const { inputs, cases } = JSON.parse(fs.readFileSync("test/fixtures/lambda-functions.json", "utf8")) as {
  inputs: Stored[];
  cases: Case[];
};

describe("functions that Lambdas call", () => {
  before(() => ensureBackend());

  for (const { source, inputs: count, code, expected } of cases) {
    it(`${source} ${expected ? "computes TensorFlow's numbers" : "is left to the user"}`, async () => {
      const found = readPythonFunction({ function: [code, null, null], arguments: {}, inputs: count })!;
      if (expected === null) return assert.equal(found.translation, null);
      assert.ok(found.translation, found.obstacle);
      const given = inputs.slice(0, count).map(({ values, shape }) => tf.tensor(values, shape));
      const x = count > 1 ? given : given[0]!;
      // The text was made by the translator, from a fixture of our own.
      const text = new Function("tf", `return ${found.translation.text}`)(tf) as (
        ...given: unknown[]
      ) => tf.Tensor;
      for (const result of [
        found.translation.run(x) as tf.Tensor,
        text(x, { training: false, operation: operationNamed }),
      ]) {
        assert.deepEqual(result.shape, expected.shape);
        const values = await result.data();
        const furthest = Math.max(...expected.values.map((value, i) => Math.abs(value - values[i]!)));
        assert.ok(furthest < 1e-4, `${found.translation.text} differs by ${furthest}`);
      }
    });
  }
});
