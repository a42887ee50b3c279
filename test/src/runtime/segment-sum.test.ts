import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { switchBackend } from "../../../src/runtime/switch.js";

describe("tf.unsortedSegmentSum", function () {
  this.timeout(60_000);
  for (const place of ["cpu", "wasm"]) {
    it(`adds rows by segment, and leaves out what is in none, on ${place}`, async () => {
      await switchBackend(place);
      const x = tf.reshape(tf.range(0, 12), [4, 3]);
      const ids = tf.tensor1d([2, 0, 2, -1], "int32");
      assert.deepEqual(await tf.unsortedSegmentSum(x, ids, 4).array(), [
        [3, 4, 5],
        [0, 0, 0],
        [6, 8, 10],
        [0, 0, 0],
      ]);
      const counts = tf.unsortedSegmentSum(tf.ones([4], "int32"), tf.tensor1d([1, 1, 5, 0], "int32"), 2);
      assert.deepEqual([counts.dtype, ...counts.dataSync()], ["int32", 1, 2]);
      assert.deepEqual(tf.unsortedSegmentSum(tf.zeros([0, 2]), tf.zeros([0], "int32"), 1).arraySync(), [
        [0, 0],
      ]);
      await switchBackend("cpu");
    });

    it(`is the gradient of an embedding on ${place}`, async () => {
      await switchBackend(place);
      const words = tf.tensor1d([7, 2, 7], "int32");
      const gradient = tf.grad((table) => tf.sum(tf.mul(tf.gather(table, words), [[1], [10], [100]])));
      const [first] = tf.split(gradient(tf.zeros([20_000, 1])), [8, 19_992]);
      assert.deepEqual([...first!.dataSync()], [0, 0, 10, 0, 0, 0, 0, 101]);
      await switchBackend("cpu");
    });
  }
});
