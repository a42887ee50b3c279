import { strict as assert } from "node:assert";
import type { BackendOutcomes } from "./case.js";
import { nativePlace, type Place } from "./places.js";
import { runInProcess } from "./run-in-process.js";
import { judge } from "./verdict.js";

/** The short form: `npm run test:backends` adds webgpu on a software driver, and the layers of Keras. */
const PLACES: Readonly<Record<string, () => Place>> = {
  cpu: () => ({ env: {} }),
  wasm: () => ({ env: {} }),
  native: nativePlace,
  webgpu: () => ({ missing: "software Vulkan is slow; npm run test:backends runs it" }),
};

describe("back ends compute the same", function () {
  this.timeout(180_000);
  let reference: BackendOutcomes;

  before(async () => {
    reference = await runInProcess("cpu", ["--differences"]);
  });

  for (const [backend, place] of Object.entries(PLACES)) {
    it(`${backend}: operations as on cpu, gradients as the slopes`, async function () {
      const found = place();
      if ("missing" in found) {
        console.log(`      skipped: ${found.missing}`);
        this.skip();
      }
      const outcomes = backend === "cpu" ? reference : await runInProcess(backend, [], found.env);
      const { operations, gradients } = judge(outcomes, reference);
      assert.deepEqual([...operations.wrong, ...gradients.wrong, ...gradients.raised], []);
      assert.ok(operations.right > 2000 && gradients.right > 100, "most cases give values");
    });
  }
});
