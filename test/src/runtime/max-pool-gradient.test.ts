import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { switchBackend } from "../../../src/runtime/switch.js";

describe("gradients of the largest in a window", () => {
  after(() => switchBackend("cpu"));

  for (const backend of ["cpu", "wasm"]) {
    it(`go to the first of several, to none of NaN, on ${backend}`, async () => {
      await switchBackend(backend);
      const x = tf.tensor4d([3, 1, 3, 2, 5, NaN, 0, 5, 4], [1, 3, 3, 1]);
      const gradient = (size: number, pad: "same" | "valid", strides = 1) =>
        tf.grad((x: tf.Tensor) => tf.sum(tf.maxPool(x as tf.Tensor4D, size, strides, pad)))(x);
      assert.deepEqual([...gradient(2, "valid").dataSync()], [0, 0, 0, 0, 4, 0, 0, 0, 0]);
      assert.deepEqual([...gradient(2, "same").dataSync()], [0, 0, 1, 0, 4, 0, 0, 2, 2]);
      // None where all are NaN.
      assert.deepEqual([...gradient(1, "valid").dataSync()], [1, 1, 1, 1, 1, 0, 1, 1, 1]);
      assert.deepEqual([...gradient(2, "same", 2).dataSync()], [0, 0, 1, 0, 1, 0, 0, 1, 1]);
    });
  }
});
