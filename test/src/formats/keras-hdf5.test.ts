import assert from "node:assert/strict";
import type { StoredWeight } from "../../../src/formats/model-file.js";
import { openModelFile } from "../../../src/formats/open.js";
import { sharedFile, sharedHdf5Files, sharedModels } from "./shared-models.js";

const elements = (weights: readonly StoredWeight[]): number =>
  weights.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);

describe("formats/keras-hdf5: files of public repositories", function () {
  this.timeout(60_000);
  before(function () {
    if (sharedModels() !== null) return;
    console.log("    skipped: ../shared/models is not there");
    this.skip();
  });

  it("opens every HDF5 file and reads every tensor whole", async () => {
    for (const file of sharedHdf5Files()) {
      const model = await openModelFile(sharedFile(file));
      for (const weight of [...model.layers.flatMap(({ weights }) => weights), ...model.optimizerWeights]) {
        assert.ok(weight.whole, `${file} ${weight.path}`);
        assert.equal((await weight.read()).length, elements([weight]), `${file} ${weight.path}`);
      }
      model.close();
    }
  });

  it("finds the weights that the list says, optimizer slots apart", async () => {
    for (const { files, format, weight_elements } of sharedModels()!) {
      if (!/^(h5|HDF5)/.test(format ?? "")) continue;
      const model = await openModelFile(sharedFile(files[0]!));
      const own = elements(model.layers.flatMap(({ weights }) => weights));
      const slots = elements(model.optimizerWeights);
      // The list counts all of a .weights.h5 file together.
      const expected = files[0]!.endsWith(".weights.h5") ? weight_elements! - slots : weight_elements;
      assert.equal(own, expected, files[0]);
      assert.equal(model.config !== null, format !== "h5 weights", files[0]);
      model.close();
    }
  });
});
