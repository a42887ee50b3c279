import assert from "node:assert/strict";
import { correctGradients } from "../../../src/runtime/corrections/gradients/index.js";
import { startOn } from "../keras/start-on.js";
import { gradientError, readCases } from "./layer-cases.js";

/** A central difference in float32 is no better than this. */
const TOLERANCE = 2e-2;

for (const file of [
  "keras2",
  "keras3",
  "addons",
  "found2",
  "found3",
  "uncommon2",
  "uncommon3",
  "preprocessing3",
]) {
  const { keras, cases } = readCases(file);
  describe(`gradients of layers of ${file} (${keras}) on the cpu back end`, () => {
    before(async () => {
      await startOn("cpu");
      correctGradients();
    });
    it("agree with central differences for every layer with weights that train", async () => {
      const wrong: string[] = [];
      let checked = 0;
      for (const layerCase of cases) {
        const error = await gradientError(layerCase, keras);
        if (error === null) continue;
        checked++;
        if (typeof error === "string" || !(error < TOLERANCE)) wrong.push(`${layerCase.name}: ${error}`);
      }
      console.log(`      ${checked} layers with weights`);
      assert.deepEqual(wrong, []);
    }).timeout(60000);
  });
}
