import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { divideNoNan } from "../../../src/ops/divide-no-nan.js";
import { correctGradients } from "../../../src/runtime/corrections/gradients/index.js";

describe("gradients that TensorFlow.js gets wrong, or fails at", () => {
  before(async () => {
    await tf.setBackend("cpu");
    correctGradients();
  });

  const check = (name: string, f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor, expected: number[]) => {
    it(name, () => {
      assert.deepEqual([...tf.grad(f)(x).dataSync()], expected);
    });
  };

  check("of what is taken apart into one", (x) => tf.unstack(x)[0]!.square(), tf.tensor2d([[1, 2]]), [2, 4]);
  check("of a split into one", (x) => tf.split(x, 1)[0]!.square(), tf.tensor1d([1, 2]), [2, 4]);
  check(
    "of places that are computed",
    (x) => tf.mul(tf.gather(tf.tensor1d([5, 7]), tf.cast(tf.step(x), "int32")), x),
    tf.tensor1d([1, -1]),
    [7, 5],
  );
  check(
    "of a divisor of 0 that counts as none",
    (x) => divideNoNan(tf.scalar(3), x),
    tf.tensor1d([0, 2]),
    [0, -0.75],
  );
});
