import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { numpyText } from "../../../src/display/tensor/numpy-text.js";

interface Case {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values: readonly (string | number | boolean)[];
  readonly text: string;
}

const file = new URL("../../../../test/fixtures/numpy-text.json.gz", import.meta.url);
const { numpy, cases } = JSON.parse(gunzipSync(readFileSync(file)).toString()) as {
  numpy: string;
  cases: Case[];
};

describe("numpyText", () => {
  it(`prints ${cases.length} arrays as NumPy ${numpy} does`, () => {
    assert.ok(cases.length > 60);
    for (const { dtype, shape, values, text } of cases) {
      const isFloat = dtype === "float32" || dtype === "complex64";
      const given = isFloat ? values.map((value) => floatOf(String(value))) : values;
      assert.equal(numpyText(given, shape, dtype), text);
    }
  });
});

/** As Python writes it. */
function floatOf(text: string): number {
  return Number(text.replace("inf", "Infinity").replace("nan", "NaN"));
}
