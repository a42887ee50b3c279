import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { cropToRatio } from "../../../src/layers/images/aspect-ratio.js";
import { resize } from "../../../src/layers/images/resize.js";
import { startOn } from "../keras/start-on.js";

/** TensorFlow's own, of 4 pixels made into 8 (along each axis): those that the second pixel has part in. */
const REACHED: Readonly<Record<string, readonly number[]>> = {
  nearest: [2, 3],
  bilinear: [1, 2, 3, 4],
  bicubic: [0, 1, 2, 3, 4, 5, 6],
  area: [2, 3],
};

describe("images that are resized", () => {
  before(() => startOn("cpu"));

  for (const [method, reached] of Object.entries(REACHED)) {
    it(`${method}: what is no number reaches the pixels made of it alone`, () => {
      const whole = tf.randomNormal([1, 4, 4, 1], 0, 1, "float32", 7) as tf.Tensor4D;
      const pixel = tf.reshape(tf.oneHot(tf.scalar(5, "int32"), 16), [1, 4, 4, 1]);
      const broken = tf.where(tf.cast(pixel, "bool"), tf.fill([1, 4, 4, 1], NaN), whole) as tf.Tensor4D;
      const expected = resize(whole, [8, 8], method).dataSync();
      resize(broken, [8, 8], method)
        .dataSync()
        .forEach((value, i) => {
          const inside = reached.includes(Math.floor(i / 8)) && reached.includes(i % 8);
          if (inside) assert.ok(Number.isNaN(value), `${i}`);
          else assert.ok(Math.abs(value - expected[i]!) < 1e-6, `${i}: ${value}`);
        });
    });
  }

  it("are cropped to one pixel at least, as in Keras 3: its Resizing(4, 2) of these gives 4", () => {
    const row = tf.tensor4d([1, 2, 4, 8, 16], [1, 1, 5, 1]);
    const whole = resize(cropToRatio(row, [4, 2]), [4, 2], "area");
    assert.deepEqual([...whole.dataSync()], new Array(8).fill(4));
  });

  it("have the gradient of the product that resizing is", () => {
    const x = tf.randomNormal([1, 4, 5, 2], 0, 1, "float32", 3) as tf.Tensor4D;
    const dy = tf.randomNormal([1, 7, 3, 2], 0, 1, "float32", 4);
    const of = (image: tf.Tensor) => tf.sum(tf.mul(resize(image as tf.Tensor4D, [7, 3], "bilinear"), dy));
    const gradient = tf.grad(of)(x);
    // What is linear is the sum of its gradient times its input.
    const found = tf.sum(tf.mul(gradient, x)).dataSync()[0]!;
    assert.ok(Math.abs(found - of(x).dataSync()[0]!) < 1e-4);
  });
});
