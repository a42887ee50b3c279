import assert from "node:assert/strict";
import * as tf from "../../src/tfjs/index.js";
import { useBackend } from "../../src/runtime/choose.js";

describe("TensorFlow.js as cells get it", () => {
  before(() => useBackend("cpu"));

  it("refuses arrays that are not equally long, where their numbers would suffice", () => {
    for (const [values, told] of [
      [[[1, 2], [3], [4, 5, 6]], /values\[1\] has 1 value, and the first such array 2\./],
      [[[1, 2], 3, [4]], /values\[1\] is a single value/],
      [
        [
          [1, 2],
          [3, [4]],
        ],
        /values\[1\]\[1\] is an array/,
      ],
      [
        [
          [[1], [2]],
          [[3, 4], []],
        ],
        /values\[1\]\[0\] has 2 values, and the first such array 1\./,
      ],
    ] as const)
      assert.throws(
        () => tf.tensor(values as never),
        (error: Error) => error.name === "RangeError" && told.test(error.message),
      );
  });

  it("takes arrays of numbers, of texts, of bytes and of nothing", () => {
    assert.deepEqual(tf.tensor([new Float32Array([1, 2]), [3, 4]]).arraySync(), [[1, 2], [3, 4]]); // prettier-ignore
    assert.deepEqual(tf.tensor2d([1, 2], [1, 2]).arraySync(), [[1, 2]]);
    assert.deepEqual(tf.tensor([["a"], ["bc"]]).arraySync(), [["a"], ["bc"]]);
    const bytes = [new Uint8Array([65]), new Uint8Array([66, 67])] as never;
    assert.deepEqual(tf.tensor(bytes, undefined, "string").dataSync(), ["A", "BC"]);
    assert.deepEqual(tf.tensor([[], []]).shape, [2, 0]);
    assert.deepEqual(tf.tensor([]).shape, [0]);
  });

  it("broadcasts to axes of length 0", () => {
    assert.deepEqual(tf.broadcastTo(tf.ones([1, 3]), [0, 3]).shape, [0, 3]);
    assert.deepEqual(tf.broadcastTo([1, 2], [2, 2]).arraySync(), [[1, 2], [1, 2]]); // prettier-ignore
    assert.throws(() => tf.broadcastTo(tf.ones([2]), [0]), /[Bb]roadcast/);
  });

  it("says the size of values that no array can hold", () => {
    for (const name of ["zeros", "ones", "fill", "buffer", "randomNormal", "randomUniform"] as const)
      assert.throws(
        () => (tf[name] as (shape: number[], value: number) => unknown)([1e5, 1e5], 1),
        new RegExp(
          `^RangeError: Out of memory on cpu: tf\\.${name} of \\[100000,100000\\] found no room for 37\\.3 GB`,
        ),
      );
    assert.deepEqual(tf.zeros([2]).arraySync(), [0, 0]);
  });

  it("disposes of a tensor at the end of the block that uses it", () => {
    const { numTensors } = tf.memory();
    {
      using x = tf.tensor1d([1, 2]);
      using y = x.add(1);
      assert.deepEqual(y.arraySync(), [2, 3]);
    }
    assert.equal(tf.memory().numTensors, numTensors);
  });
});
