import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { switchBackend } from "../../../src/runtime/switch.js";

type Triple = [number, number, number];

interface Case {
  readonly x: [number, number, number, number, number];
  readonly filter: [number, number, number, number, number];
  readonly strides: Triple;
  readonly pad: "same" | "valid";
  readonly dilations?: Triple;
}

const CASES: readonly Case[] = [
  { x: [2, 5, 6, 4, 3], filter: [3, 2, 3, 3, 2], strides: [1, 1, 1], pad: "same" },
  { x: [2, 5, 6, 4, 3], filter: [2, 3, 1, 3, 2], strides: [2, 1, 3], pad: "valid" },
  { x: [1, 7, 5, 5, 1], filter: [3, 3, 3, 1, 2], strides: [2, 2, 2], pad: "same" },
  // Strides longer than the filter: the last planes are under no window.
  { x: [2, 6, 2, 6, 2], filter: [2, 2, 1, 2, 3], strides: [4, 1, 3], pad: "same" },
  { x: [1, 7, 7, 6, 2], filter: [2, 3, 2, 2, 2], strides: [1, 1, 1], pad: "valid", dilations: [3, 2, 1] },
];

describe("convolutions in three dimensions", function () {
  this.timeout(60_000);
  after(() => switchBackend("cpu"));

  for (const one of CASES) {
    const { x, filter, strides, pad, dilations = [1, 1, 1] } = one;
    it(`are on wasm what they are on cpu, with their gradients: ${JSON.stringify(one)}`, async () => {
      const compute = async (backend: string) => {
        await switchBackend(backend);
        const images = tf.randomNormal(x, 0, 1, "float32", 1) as tf.Tensor5D;
        const kernel = tf.randomNormal(filter, 0, 1, "float32", 2) as tf.Tensor5D;
        const convolve = (images: tf.Tensor, kernel: tf.Tensor) =>
          tf.conv3d(images as tf.Tensor5D, kernel as tf.Tensor5D, strides, pad, "NDHWC", dilations);
        const gradients = tf.grads((images, kernel) => tf.mean(tf.square(convolve(images!, kernel!))));
        // TensorFlow.js has no gradient of a dilated one.
        const both = one.dilations ? [] : gradients([images, kernel]);
        const results = [convolve(images, kernel), ...both];
        return results.map((result) => ({ shape: result.shape, values: [...result.dataSync()] }));
      };
      const expected = await compute("cpu");
      for (const [i, { shape, values }] of (await compute("wasm")).entries()) {
        assert.deepEqual(shape, expected[i]!.shape);
        const furthest = Math.max(...values.map((value, k) => Math.abs(value - expected[i]!.values[k]!)));
        assert.ok(furthest < 1e-4, `${i}: ${furthest} off`);
      }
    });
  }
});
