import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { switchBackend } from "../../../src/runtime/switch.js";

/** `x[b, ..., indices[b, i], ...]`, one element after the other. */
function expected(x: tf.Tensor, indices: tf.Tensor, axis: number): number[] {
  const rows = tf.unstack(x).map((row, b) => tf.gather(row, tf.unstack(indices)[b] as tf.Tensor1D, axis - 1));
  return [...tf.stack(rows).dataSync()];
}

describe("tf.gather with a batch of indices", function () {
  this.timeout(60_000);
  for (const place of ["cpu", "wasm"])
    it(`takes each batch's own on ${place}`, async () => {
      await switchBackend(place);
      for (const [shape, wanted, axis] of [
        [[3, 4], [3, 2], 1],
        [[3, 2, 2], [3, 5], 1],
        [[2, 2, 3], [2, 2], 2],
        [[4, 3, 5, 2], [4, 3], 2],
      ] as const) {
        const size = shape.reduce((n: number, dim) => n * dim, 1);
        const x = tf.reshape(tf.range(0, size), [...shape]);
        const count = wanted[0] * wanted[1];
        const indices = tf.reshape(
          tf.tensor1d(
            Array.from({ length: count }, (_, i) => (i * 7 + 1) % shape[axis]!),
            "int32",
          ),
          [...wanted],
        );
        for (const from of [axis, axis - shape.length]) {
          const taken = tf.gather(x, indices, from, 1);
          assert.deepEqual([...taken.dataSync()], expected(x, indices, axis), `${shape.join()} ${from}`);
        }
      }
      await switchBackend("cpu");
    });
});
