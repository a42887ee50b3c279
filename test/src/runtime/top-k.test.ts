import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { switchBackend } from "../../../src/runtime/switch.js";

describe("tf.topk on cpu", function () {
  this.timeout(120_000);
  before(() => switchBackend("cpu"));

  it("gives the largest first, of equal ones the first, in every row", () => {
    const x = tf.tensor2d([
      [-2, 0, 3.5, -0, 3.5, -Infinity],
      [1e-40, -1e-40, 0, -7, Infinity, 2],
    ]);
    const { values, indices } = tf.topk(x, 5);
    assert.deepEqual(indices.arraySync(), [
      [2, 4, 1, 3, 0],
      [4, 5, 0, 2, 1],
    ]);
    assert.deepEqual(
      values.dataSync(),
      tf.gather(tf.reshape(x, [-1]), tf.add(indices, tf.tensor2d([[0], [6]], [2, 1], "int32"))).dataSync(),
    );
    const whole = tf.topk(tf.tensor1d([-3, 5, 2 ** 31 - 1, -(2 ** 31), 5], "int32"), 5);
    assert.deepEqual(whole.indices.arraySync(), [2, 1, 4, 0, 3]);
    assert.deepEqual(whole.values.arraySync(), [2 ** 31 - 1, 5, 5, -3, -(2 ** 31)]);
    assert.deepEqual(tf.topk(tf.zeros([0, 3]), 2).values.shape, [0, 2]);
    assert.deepEqual(tf.topk(x, 0).indices.shape, [2, 0]);
  });

  it("sorts 20 million numbers without an object for each", () => {
    const size = 20_000_000;
    const before = process.memoryUsage().heapUsed;
    const { values, indices } = tf.topk(tf.range(0, size, 1, "int32"), 3);
    assert.deepEqual(indices.arraySync(), [size - 1, size - 2, size - 3]);
    assert.deepEqual(values.arraySync(), [size - 1, size - 2, size - 3]);
    assert.ok(process.memoryUsage().heapUsed - before < 200e6);
  });
});
