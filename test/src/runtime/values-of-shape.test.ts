import { strict as assert } from "node:assert";
import * as tf from "@tensorflow/tfjs";
import { useBackend } from "../../../src/runtime/choose.js";

describe("values of a shape", () => {
  for (const backend of ["cpu", "wasm"])
    it(`${backend}: inner arrays of other lengths are an error that names both counts`, async () => {
      await useBackend(backend);
      for (const [make, told] of [
        [() => tf.tensor2d([[1, 2], [3]]), /shape \[2, 2\] has 4 values, here are 3\./],
        [() => tf.tensor([[1, 2], [3, 4], 5]), /shape \[3, 2\] has 6 values, here are 5\./],
        [() => tf.tensor([["a"], ["b", "c"]] as never, undefined, "string"), /has 2 values, here are 3\./],
      ] as const)
        assert.throws(make, (error: Error) => error.name === "RangeError" && told.test(error.message));
      assert.deepEqual(tf.tensor([[1, 2], [3, 4]]).arraySync(), [[1, 2], [3, 4]]); // prettier-ignore
      assert.deepEqual(tf.tensor([], [0, 3]).shape, [0, 3]);
      assert.deepEqual(tf.scalar("text").dataSync(), ["text"]);
      assert.deepEqual(tf.tensor1d(new Uint8Array([1, 2]), "int32").arraySync(), [1, 2]);
      assert.deepEqual(tf.complex([1, 2], [3, 4]).shape, [2]);
    });
});
