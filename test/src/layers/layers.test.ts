import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { readCases, runCase, type LayerCase } from "./layer-cases.js";

/** Relative to the value where it is above 1, absolute below. */
const TOLERANCE = 1e-5;

for (const major of [2, 3] as const) {
  const { keras, cases } = readCases(major);
  const byClass = new Map<string, LayerCase[]>();
  for (const layerCase of cases) {
    const className = layerCase.name.split(" ")[0]!;
    byClass.set(className, [...(byClass.get(className) ?? []), layerCase]);
  }
  describe(`layers of Keras ${keras} on the cpu back end`, () => {
    before(() => tf.setBackend("cpu"));
    for (const [className, list] of byClass) {
      it(`${className}: ${list.length} sets of arguments`, async () => {
        const wrong: string[] = [];
        for (const layerCase of list) {
          const result = await runCase(layerCase, keras);
          if (typeof result === "string" || !(result < TOLERANCE)) wrong.push(`${layerCase.name}: ${result}`);
        }
        assert.deepEqual(wrong, []);
      });
    }
  });
}
