import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { record } from "../../../src/runtime/native/compiled/record.js";
import type { NodeBackend } from "../../../src/runtime/native/node-backend.js";
import { switchBackend } from "../../../src/runtime/switch.js";
import { nativePlace } from "../../backends/places.js";

describe("products on native", () => {
  before(async function () {
    const native = nativePlace();
    if ("missing" in native) {
      console.log(`      skipped: ${native.missing}`);
      this.skip();
    }
    await switchBackend("native");
  });
  after(() => switchBackend("cpu"));

  const asked = (compute: () => tf.Tensor): string[] =>
    record(tf.backend() as NodeBackend, [], () => [compute()]).ops.map(({ name }) => name);

  it("of two matrices are TensorFlow's MatMul, turned or not, with gradients", () => {
    const [a, b, turned] = [tf.range(0, 6).reshape([2, 3]), tf.range(0, 12).reshape([3, 4]), tf.ones([4, 3])];
    assert.deepEqual(
      asked(() => tf.matMul(a, b)),
      ["MatMul"],
    );
    assert.deepEqual([...tf.matMul(a, b).dataSync()], [20, 23, 26, 29, 56, 68, 80, 92]);
    assert.deepEqual([...tf.matMul(a, turned, false, true).dataSync()], [3, 3, 3, 3, 12, 12, 12, 12]);
    assert.deepEqual([...tf.matMul(a, tf.ones([2, 1]), true).dataSync()], [3, 5, 7]);
    assert.deepEqual([...tf.matMul(b, turned, true, true).shape], [4, 4]);
    const slope = tf.grad((a: tf.Tensor) => tf.matMul(a, b))(a);
    assert.deepEqual([...slope.dataSync()], [6, 22, 38, 6, 22, 38]);
    assert.deepEqual([...tf.matMul(tf.zeros([2, 0]), tf.zeros([0, 3])).dataSync()], [0, 0, 0, 0, 0, 0]);
  });

  it("of batches and of other types are as they were", () => {
    const batch = tf.ones([2, 2, 3]);
    assert.deepEqual(
      asked(() => tf.matMul(batch, tf.ones([2, 3, 1]))),
      ["BatchMatMulV2"],
    );
    const whole = tf.tensor2d([[1, 2]], [1, 2], "int32");
    const product = tf.matMul(whole, whole, false, true);
    assert.deepEqual([product.dtype, ...product.dataSync()], ["int32", 5]);
    const imaginary = tf.complex(tf.zeros([1, 1]), tf.ones([1, 1]));
    assert.deepEqual([...tf.real(tf.matMul(imaginary, imaginary, true)).dataSync()], [-1]);
  });
});
