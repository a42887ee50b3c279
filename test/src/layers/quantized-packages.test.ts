import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { JsonValue } from "../../../src/formats/model-file.js";
import { openModel } from "../../../src/index.js";
import { quantizerOf } from "../../../src/layers/known/qkeras-quantizers.js";
import { asTensor, difference, predictionError, readReference } from "../keras/reference.js";
import type { StoredTensor } from "../keras/reference.js";
import { startOn } from "../keras/start-on.js";

const FOLDER = "test/fixtures/quantized-packages";

interface Rounded {
  readonly x: StoredTensor;
  readonly values: Readonly<Record<string, StoredTensor>>;
}

describe("quantizers of QKeras", () => {
  const { x, values } = JSON.parse(readFileSync(`${FOLDER}/quantizers.json`, "utf8")) as Rounded;
  before(() => startOn("cpu"));

  for (const [name, expected] of Object.entries(values)) {
    it(`${name} gives its numbers`, async () => {
      const origin = { major: 2, version: "2.10.0", backend: "tensorflow" } as const;
      const quantize = quantizerOf(name as JsonValue, "activation", origin)!;
      const error = await difference(quantize(asTensor(x)), expected);
      assert.ok(error < 1e-5, `${error}`);
    });
  }
});

describe("models of QKeras and of the model optimization package", () => {
  before(() => startOn("cpu"));

  for (const name of ["separable", "normalized"]) {
    it(`${name}.h5 gives their numbers`, async () => {
      const session = await openModel(`${FOLDER}/${name}.h5`);
      while (session.waiting[0]?.remedies[0]?.id === "known")
        await session.fix(session.waiting[0].subject!, "known");
      assert.deepEqual(
        session.waiting.map(({ found }) => found),
        [],
      );
      const error = await predictionError(session.model!, readReference(`${FOLDER}/${name}.json`));
      assert.ok(error < 1e-5, `${error}`);
    });
  }
});
