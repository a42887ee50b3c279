import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { switchBackend } from "../../../src/runtime/switch.js";
import { nativePlace } from "../../backends/places.js";

/** Each on 24 numbers of the shape that it names. */
const CASES: readonly [name: string, shape: number[], compute: (x: tf.Tensor) => tf.Tensor][] = [
  ["reshape to the same shape", [4, 6], (x) => tf.reshape(x, [4, 6])],
  ["reshape with an open length", [4, 6], (x) => tf.reshape(x, [2, -1, 3])],
  ["reshape to the same shape with an open length", [4, 6], (x) => tf.reshape(x, [-1, 6])],
  ["an axis before", [4, 6], (x) => tf.expandDims(x, 0)],
  ["an axis at the end", [4, 6], (x) => tf.expandDims(x, -1)],
  ["an axis before the last", [4, 6], (x) => tf.expandDims(x, -2)],
  ["axes as they are", [2, 3, 4], (x) => tf.transpose(x, [0, 1, 2])],
  ["axes of one place", [2, 1, 12, 1], (x) => tf.transpose(x, [1, 0, 3, 2])],
  ["axes of one place among others that change", [2, 1, 12], (x) => tf.transpose(x, [2, 1, 0])],
  ["all axes", [2, 3, 4], (x) => tf.transpose(x, [2, 0, 1])],
  ["the same type", [4, 6], (x) => tf.cast(x, "float32")],
  ["another type", [4, 6], (x) => tf.cast(x, "int32")],
  ["truth values as they are", [4, 6], (x) => tf.cast(tf.cast(tf.greater(x, 3), "bool"), "float32")],
  ["complex numbers", [2, 12], (x) => tf.real(tf.transpose(tf.reshape(tf.complex(x, x), [4, 6]), [1, 0]))],
  ["text", [4, 6], () => tf.expandDims(tf.reshape(tf.tensor1d(["a", "b", "c", "d"]), [2, 2]), 0)],
];

describe("shapes and orders on native", () => {
  before(async function () {
    const native = nativePlace();
    if ("missing" in native) {
      console.log(`      skipped: ${native.missing}`);
      this.skip();
    }
    await switchBackend("native");
  });
  after(() => switchBackend("cpu"));

  const numbers = Array.from({ length: 24 }, (_, i) => i / 2);
  for (const [name, shape, compute] of CASES)
    it(`are those of cpu: ${name}`, async () => {
      const x = tf.tensor(numbers, shape);
      const found = tf.tidy(() => compute(x));
      const values = await found.data();
      x.dispose();
      assert.deepEqual(await found.data(), values, "outlives what it was made of");
      found.dispose();
      await switchBackend("cpu");
      const expected = tf.tidy(() => compute(tf.tensor(numbers, shape)));
      assert.deepEqual(found.shape, expected.shape);
      assert.equal(found.dtype, expected.dtype);
      assert.deepEqual([...values], [...(await expected.data())]);
      await switchBackend("native");
    });

  it("are right for more lengths than are kept", () => {
    const x = tf.ones([10_000]);
    for (let n = 1; n < 4500; n++) {
      const sums = tf.tidy(() => tf.sum(tf.reshape(tf.slice(x, 0, 2 * n), [2, n]), 1).dataSync());
      assert.deepEqual([...sums], [n, n]);
    }
    x.dispose();
  });
});
