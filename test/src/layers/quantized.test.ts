import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { openModel } from "../../../src/index.js";
import { predictionError, readReference } from "../keras/reference.js";
import { startOn } from "../keras/start-on.js";

const FOLDER = "test/fixtures/quantized";

/** Keras computed these in half precision. */
const COARSE: ReadonlyMap<string, number> = new Map([
  ["mixed_float16", 1e-2],
  ["mixed_bfloat16", 1e-1],
]);

describe("quantised, LoRA and mixed-precision models of Keras 3", () => {
  before(() => startOn("cpu"));

  for (const file of readdirSync(FOLDER).filter((name) => /\.(keras|h5)$/.test(name))) {
    const name = file.replace(/\.\w+$/, "");
    if (file === "dense_gptq.keras") continue;
    it(`${file} predicts Keras's numbers and says what was changed`, async () => {
      const session = await openModel(`${FOLDER}/${file}`);
      assert.deepEqual(session.report().waiting, []);
      const error = await predictionError(session.model as never, readReference(`${FOLDER}/${name}.json`));
      assert.ok(error < (COARSE.get(name) ?? 1e-5), `${error}`);
      const said = session.report().settled.map(({ found }) => found);
      const expected = name === "dense_lora" ? /LoRA/ : /computed in float32|de-quantised/;
      assert.ok(
        said.some((text) => expected.test(text)),
        said.join("; "),
      );
    });
  }

  it("dense_gptq.keras, which Keras 3.15 saves without its zero points, is not loaded silently wrong", async () => {
    const session = await openModel(`${FOLDER}/dense_gptq.keras`);
    const waiting = session.report().waiting.map(({ code, found }) => `${code} ${found}`);
    assert.match(waiting.join(), /W05 kernel_zero is named in the file but not there/);
  });
});
