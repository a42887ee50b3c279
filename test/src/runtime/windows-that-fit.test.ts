import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { switchBackend } from "../../../src/runtime/switch.js";

const image = () => tf.ones([1, 2, 2, 1]) as tf.Tensor4D;
const filter = (size: number) => tf.ones([size, size, 1, 1]) as tf.Tensor4D;

/** What TensorFlow refuses as "Computed output size would be negative". */
const TOO_LARGE: Readonly<Record<string, () => tf.Tensor>> = {
  maxPool: () => tf.maxPool(image(), 4, 1, "valid"),
  avgPool: () => tf.avgPool(image(), 4, 1, "valid"),
  conv2d: () => tf.conv2d(image(), filter(4), 1, "valid"),
  depthwiseConv2d: () => tf.depthwiseConv2d(image(), filter(4), 1, "valid"),
  maxPool3d: () => tf.maxPool3d(tf.ones([1, 2, 2, 2, 1]) as tf.Tensor5D, 4, 1, "valid"),
  conv3d: () =>
    tf.conv3d(tf.ones([1, 2, 2, 2, 1]) as tf.Tensor5D, tf.ones([4, 4, 4, 1, 1]) as tf.Tensor5D, 1, "valid"),
};

for (const backend of ["cpu", "wasm"])
  describe(`windows larger than their input on ${backend}`, () => {
    before(() => switchBackend(backend));

    for (const [call, run] of Object.entries(TOO_LARGE))
      it(`are refused by ${call} in words`, () => {
        assert.throws(run, {
          name: "RangeError",
          message: new RegExp(`^tf\\.${call}: a window of \\[4, 4.*\\] does not fit an input of \\[2, 2`),
        });
      });

    it("count with their dilations", () => {
      assert.throws(
        () => tf.conv2d(image(), filter(2), 1, "valid", "NHWC", 3),
        /window of \[2, 2\] .* with dilations \[3, 3\]/,
      );
    });

    it("give nothing where they are larger by one, and by less than a stride", () => {
      assert.deepEqual(tf.maxPool(image(), 3, 1, "valid").shape, [1, 0, 0, 1]);
      assert.equal(tf.avgPool(image(), 4, 4, "valid").size, 0);
    });

    it("fit with padding", () => {
      assert.deepEqual(tf.maxPool(image(), 4, 1, "same").shape, [1, 2, 2, 1]);
      assert.deepEqual(tf.conv2d(image(), filter(4), 1, 1).shape, [1, 1, 1, 1]);
    });
  });
