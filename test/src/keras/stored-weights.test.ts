import assert from "node:assert/strict";
import type { StoredWeight } from "../../../src/formats/model-file.js";
import { savedWeights } from "../../../src/keras/stored-weights.js";

describe("the weights of a stored layer", () => {
  const weight = (name: string, path: string): StoredWeight => ({
    name,
    path,
    shape: [3],
    dtype: "int64",
    byteLength: 24,
    whole: true,
    read: () => Promise.resolve(new BigInt64Array(3)),
  });

  it("are without the state of random generators, as Keras 3 and TensorFlow's checkpoints name it", () => {
    const end = ".ATTRIBUTES/VARIABLE_VALUE";
    const kept = weight("counts:0", `layer-1/counts/${end}`);
    const weights = [
      weight("seed_generator_state", "/layers/dropout/seed_generator/vars/0"),
      weight("Variable:0", `layer-4/_rng/_state_var/${end}`),
      weight("StateVar:0", `layer-5/_random_generator/_generator/_state_var/${end}`),
      kept,
    ];
    assert.deepEqual(savedWeights({ name: "layer-4", weights, missing: [] }), [kept]);
  });
});
