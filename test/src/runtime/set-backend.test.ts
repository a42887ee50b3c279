import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { currentBackend, useBackend } from "../../../src/runtime/choose.js";
import { nativePlace } from "../../backends/places.js";

describe("tf.setBackend in a cell", () => {
  before(() => useBackend("cpu"));
  after(() => useBackend("cpu"));

  it("starts the corrected one, and is at once where it is started", async () => {
    assert.equal(await tf.setBackend("wasm"), true);
    assert.equal(tf.getBackend(), "wasm");
    // The kernel of the package as it is gives the bits of integers.
    assert.deepEqual([...tf.oneHot(tf.tensor1d([1], "int32"), 2, 1, 0, "float32").dataSync()], [0, 1]);
    void tf.setBackend("cpu");
    assert.equal(tf.getBackend(), "cpu");
  });

  it("takes the names of %backend", async function () {
    if ("missing" in nativePlace()) this.skip();
    await tf.setBackend("native");
    assert.equal(tf.getBackend(), "tensorflow");
    await tf.setBackend("cpu");
    await tf.setBackend("tensorflow");
    assert.deepEqual([...tf.add([1, 2], 1).dataSync()], [2, 3]);
  });

  it("is what %backend tells, also of one that was started before", async () => {
    await useBackend("wasm");
    for (const name of ["cpu", "wasm", "cpu"]) {
      await tf.setBackend(name);
      assert.equal(currentBackend()?.backend.name, name);
    }
  });

  it("says which there are, and takes one that the user registers", async () => {
    await assert.rejects(
      tf.setBackend("webgl"),
      /There is no back end "webgl"\.\nTo enable it: name one of cuda, webgpu, native, wasm, cpu/,
    );
    tf.registerBackend("mine", () => tf.findBackend("cpu") as tf.KernelBackend);
    assert.equal(await tf.setBackend("mine"), true);
    assert.equal(tf.getBackend(), "mine");
    await tf.setBackend("cpu");
  });
});
