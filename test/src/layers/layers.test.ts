import assert from "node:assert/strict";
import { startOn } from "../keras/start-on.js";
import { readCases, runCase, type LayerCase } from "./layer-cases.js";

/** Relative to the value where it is above 1, absolute below; XNNPACK sums in another order than Keras. */
const BACKENDS = [
  { backend: "cpu", tolerance: 1e-5 },
  { backend: "wasm", tolerance: 1e-4 },
] as const;

/** The fixtures, and what they hold. */
const FILES = {
  keras2: "layers",
  keras3: "layers",
  addons: "layers of TensorFlow Addons, under tf_keras,",
  found2: "layers that random arguments found,",
  found3: "layers that random arguments found,",
  uncommon2: "layers of dicts, text and states",
  uncommon3: "layers of dicts, text and states",
  layouts: "layers in other layouts",
  preprocessing2: "preprocessing layers",
  preprocessing3: "preprocessing layers",
  operations: "operations",
  tensorflow: "TensorFlow functions",
  nodes: "TensorFlow ops",
};

for (const [file, contents] of Object.entries(FILES)) {
  const { keras, cases } = readCases(file);
  const byClass = new Map<string, LayerCase[]>();
  for (const layerCase of cases) {
    const className = layerCase.name.split(" ")[0]!;
    byClass.set(className, [...(byClass.get(className) ?? []), layerCase]);
  }
  for (const { backend, tolerance } of BACKENDS) {
    describe(`${contents} of Keras ${keras} on the ${backend} back end`, () => {
      before(() => startOn(backend));
      for (const [className, list] of byClass) {
        it(`${className}: ${list.length} sets of arguments`, async () => {
          const wrong: string[] = [];
          for (const layerCase of list) {
            const result = await runCase(layerCase, keras);
            if (typeof result === "string" || !(result < tolerance))
              wrong.push(`${layerCase.name}: ${result}`);
          }
          assert.deepEqual(wrong, []);
        });
      }
    });
  }
}
