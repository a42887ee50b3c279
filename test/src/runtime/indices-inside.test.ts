import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { switchBackend } from "../../../src/runtime/switch.js";

const outside = (index: number[]) => tf.tensor2d([index], [1, index.length], "int32");

describe("an index outside of the tensor", () => {
  after(() => switchBackend("cpu"));
  for (const place of ["cpu", "wasm"])
    it(`is refused on ${place} before memory is touched`, async () => {
      await switchBackend(place);
      const nine = tf.tensor1d([9]);
      for (const run of [
        () => tf.scatterND(outside([5]), nine, [4]),
        () => tf.tensorScatterUpdate(tf.ones([1, 9]), outside([1, 3]), nine),
        () => tf.tensorScatterUpdate(tf.ones([1, 9]), outside([0, -1]), nine),
        () => tf.gatherND(tf.ones([1, 9]), outside([1, 3])),
        // Beyond its row, yet not beyond the tensor.
        () => tf.gatherND(tf.ones([3, 4]), outside([0, 5])),
        () => tf.scatterND(outside([0, 5]), nine, [3, 4]),
        () => tf.sparseToDense(tf.tensor1d([4], "int32"), nine, [4], tf.scalar(0)),
      ])
        assert.throws(() => run().dataSync(), /does not index into|is not in \[0, \d\]/);
      const inside = tf.tensorScatterUpdate(tf.ones([2, 3]), outside([1, 2]), nine);
      assert.deepEqual([...inside.dataSync()], [1, 1, 1, 1, 1, 9]);
      assert.deepEqual(
        [...tf.sparseToDense(tf.tensor1d([3], "int32"), nine, [4], tf.scalar(0)).dataSync()],
        [0, 0, 0, 9],
      );
    });
});
