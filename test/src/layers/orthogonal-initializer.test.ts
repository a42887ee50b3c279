import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { orthogonalByNumbers } from "../../../src/layers/weights/orthogonal-initializer.js";

const SHAPES = [
  [6, 6],
  [4, 9],
  [9, 4],
  [2, 3, 5],
  [256, 1024],
];

describe("orthogonal initializer", () => {
  before(async () => {
    await tf.setBackend("cpu");
    orthogonalByNumbers();
  });

  for (const shape of SHAPES)
    it(`[${shape.join(", ")}]: orthogonal columns, or rows where there are fewer of them`, () => {
      const tensors = tf.memory().numTensors;
      tf.tidy(() => {
        const made = tf.initializers.orthogonal({ gain: 2, seed: 7 }).apply(shape);
        assert.deepEqual(made.shape, shape);
        const matrix = made.reshape([-1, shape.at(-1)!]) as tf.Tensor2D;
        const [rows, columns] = matrix.shape;
        const products = rows < columns ? matrix.matMul(matrix, false, true) : matrix.matMul(matrix, true);
        const wanted = tf.eye(products.shape[0]).mul(4);
        assert.ok(tf.max(tf.abs(tf.sub(products, wanted))).dataSync()[0]! < 1e-5);
        const again = tf.initializers.orthogonal({ gain: 2, seed: 7 }).apply(shape);
        assert.deepEqual(made.dataSync(), again.dataSync());
      });
      assert.equal(tf.memory().numTensors, tensors);
    });
});
