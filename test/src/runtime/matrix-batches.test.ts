import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { switchBackend } from "../../../src/runtime/switch.js";

/** Shapes of both sides, and which of them is transposed. */
const PRODUCTS: readonly [number[], number[], boolean, boolean][] = [
  [[3, 128, 64], [3, 64, 100], false, false],
  [[3, 64, 128], [3, 64, 100], true, false],
  [[3, 128, 64], [3, 100, 64], false, true],
  [[1, 128, 64], [3, 64, 100], false, false],
  [[3, 128, 64], [1, 64, 100], false, false],
  [[2, 3, 64, 64], [2, 3, 64, 64], true, true],
  [[2, 64, 64], [64, 64], false, false],
  [[64, 128], [128, 64], true, true],
  [[5, 1, 64], [5, 64, 700], false, false],
  [[2, 3, 4], [2, 4, 5], false, false],
];

describe("wasm: products of batches of matrices", () => {
  after(() => switchBackend("cpu"));

  it("are those of cpu", async () => {
    await switchBackend("cpu");
    const given = PRODUCTS.map(([a, b]) =>
      [a, b].map((shape, i) => ({
        shape,
        values: tf.randomNormal(shape, 0, 1, "float32", 7 + i).dataSync(),
      })),
    );
    const products = (): { shape: number[]; values: Float32Array }[] =>
      given.map(([a, b], i) =>
        tf.tidy(() => {
          const [, , turnA, turnB] = PRODUCTS[i]!;
          const y = tf.matMul(tf.tensor(a!.values, a!.shape), tf.tensor(b!.values, b!.shape), turnA, turnB);
          return { shape: y.shape, values: y.dataSync() as Float32Array };
        }),
      );
    const wanted = products();
    await switchBackend("wasm");
    products().forEach(({ shape, values }, i) => {
      assert.deepEqual(shape, wanted[i]!.shape);
      values.forEach((value, k) => assert.ok(Math.abs(value - wanted[i]!.values[k]!) < 1e-4));
    });
  });

  it("are zeros and the bias where there is nothing to multiply", async () => {
    await switchBackend("wasm");
    const bias = tf.tensor1d([1, -2, 3]);
    const given = { a: tf.zeros([2, 0]) as tf.Tensor2D, b: tf.zeros([0, 3]) as tf.Tensor2D };
    const product = (activation?: "relu" | "leakyrelu") => [
      ...tf.fused.matMul({ ...given, bias, ...(activation && { activation }) }).dataSync(),
    ];
    assert.deepEqual(product(), [1, -2, 3, 1, -2, 3]);
    assert.deepEqual(product("relu"), [1, 0, 3, 1, 0, 3]);
    assert.ok(Math.abs(product("leakyrelu")[1]! + 0.4) < 1e-6);
    assert.deepEqual([...tf.matMul(given.a, given.b).dataSync()], [0, 0, 0, 0, 0, 0]);
    assert.deepEqual(tf.matMul(tf.zeros([0, 4]), tf.zeros([4, 3])).shape, [0, 3]);
    assert.ok(
      Math.abs(
        tf.fused
          .matMul({ a: tf.ones([1, 1]), b: tf.tensor2d([[-1]]), activation: "leakyrelu" })
          .dataSync()[0]! + 0.2,
      ) < 1e-6,
    );
  });

  it("and convolutions without channels are zeros and the bias", async () => {
    await switchBackend("wasm");
    const given = { x: tf.zeros([1, 3, 3, 0]) as tf.Tensor4D, filter: tf.zeros([3, 3, 0, 2]) as tf.Tensor4D };
    tf.conv2d(tf.ones<tf.Rank.R4>([1, 3, 3, 1]), tf.ones<tf.Rank.R4>([3, 3, 1, 2]), 1, "same").dispose(); // leaves its numbers in the memory
    assert.deepEqual([...tf.conv2d(given.x, given.filter, 1, "valid").dataSync()], [0, 0]);
    const fused = (activation?: "relu" | "leakyrelu") => [
      ...tf.fused
        .conv2d({
          ...given,
          strides: 1,
          pad: "valid",
          bias: tf.tensor1d([1, -2]),
          ...(activation && { activation }),
        })
        .dataSync(),
    ];
    assert.deepEqual(fused(), [1, -2]);
    assert.deepEqual(fused("relu"), [1, 0]);
    assert.ok(Math.abs(fused("leakyrelu")[1]! + 0.4) < 1e-6);
    const none = tf.depthwiseConv2d(given.x, given.filter, 1, "same");
    assert.deepEqual(none.shape, [1, 3, 3, 0]);
    assert.deepEqual([...none.dataSync()], []);
  });

  it("keep NaN where an activation has bounds", async () => {
    await switchBackend("wasm");
    const x = tf.tensor1d([NaN, -Infinity, Infinity, -1, 7]);
    assert.deepEqual([...tf.relu6(x).dataSync()], [NaN, 0, 6, 0, 6]);
    assert.deepEqual([...tf.relu6(tf.tensor1d([-1, 7, 3])).dataSync()], [0, 6, 3]);
  });
});
