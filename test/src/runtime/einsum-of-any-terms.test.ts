import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { switchBackend } from "../../../src/runtime/switch.js";

/**
 * tf.einsum of TensorFlow 2.21 on 0.1, 0.2, … in each operand, and the gradient of the sum of its squares by the first.
 */
const CASES: readonly [string, number[][], number[], number[]][] = [
  ["ii->i", [[3, 3]], [0.1, 0.5, 0.9], [0.2, 0, 0, 0, 1, 0, 0, 0, 1.8]],
  ["ii->", [[3, 3]], [1.5], [3, 0, 0, 0, 3, 0, 0, 0, 3]],
  ["iji->ji", [[2, 3, 2]], [0.1, 0.8, 0.3, 1, 0.5, 1.2], [0.2, 0, 0.6, 0, 1, 0, 0, 1.6, 0, 2, 0, 2.4]],
  ["iii->i", [[2, 2, 2]], [0.1, 0.8], [0.2, 0, 0, 0, 0, 0, 0, 1.6]],
  [
    "ii,ij->j",
    [
      [2, 2],
      [2, 3],
    ],
    [0.17, 0.22, 0.27],
    [0.284, 0, 0, 0.68],
  ],
  [
    "ij,jk,kl->il",
    [
      [2, 3],
      [3, 2],
      [2, 2],
    ],
    [0.106, 0.156, 0.241, 0.354],
    [0.04604, 0.10044, 0.15484, 0.10454, 0.22806, 0.35158],
  ],
  [
    "bi,bj,bk->ijk",
    [
      [2, 2],
      [2, 1],
      [2, 2],
    ],
    [0.019, 0.026, 0.026, 0.036],
    [0.00142, 0.00196, 0.00644, 0.00888],
  ],
];

function near(found: tf.Tensor, wanted: readonly number[], what: string): void {
  const numbers = [...found.dataSync()];
  assert.equal(numbers.length, wanted.length, what);
  for (const [i, number] of numbers.entries())
    assert.ok(Math.abs(number - wanted[i]!) < 1e-5, `${what}: ${numbers}`);
}

describe("einsum with labels that stand twice, and of three operands", () => {
  for (const backend of ["cpu", "wasm"])
    it(`gives TensorFlow's numbers and gradients on ${backend}`, async () => {
      await switchBackend(backend);
      for (const [equation, shapes, values, gradient] of CASES) {
        const operands = shapes.map((shape) => {
          const size = tf.util.sizeFromShape(shape);
          return tf.reshape(tf.div(tf.range(1, size + 1), 10), shape);
        });
        near(tf.einsum(equation, ...operands), values, equation);
        const squares = (...xs: tf.Tensor[]) => tf.sum(tf.square(tf.einsum(equation, ...xs))) as tf.Scalar;
        near(tf.grads(squares)(operands)[0]!, gradient, `gradient of ${equation}`);
      }
    });

  it("names a label of two lengths", () => {
    assert.throws(() => tf.einsum("ii->i", tf.ones([2, 3])), /einsum label "i" is 2 and 3/);
  });
});
