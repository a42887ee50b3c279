import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { correctGradients } from "../../../src/runtime/corrections/gradients/index.js";
import { switchBackend } from "../../../src/runtime/switch.js";
import { nativePlace } from "../../backends/places.js";

type Numbers = readonly number[];

const LEAST = -(2 ** 31);
const spread = (values: number[]): tf.Tensor4D => tf.tensor4d(values, [1, 3, 1, 1]);
const normalized = (x: tf.Tensor): tf.Tensor =>
  tf.batchNorm(x, tf.tensor1d([1, 2]), tf.tensor1d([3, 8]), undefined, undefined, 1);

/** Values, or gradients by each input, with what TensorFlow 2.21 gives. */
const KNOWN: readonly (readonly [name: string, compute: () => tf.Tensor[], wanted: readonly Numbers[]])[] = [
  [
    "the sign of NaN is NaN",
    () => [tf.sign(tf.tensor1d([NaN, -2, 0, 3, -Infinity])), tf.sign(tf.tensor1d([-7, 0, 5], "int32"))],
    [
      [NaN, -1, 0, 1, -1],
      [-1, 0, 1],
    ],
  ],
  [
    "what is no int32 is its least",
    () => [tf.cast(tf.tensor1d([NaN, Infinity, -Infinity, 3e9, -3e9, 2 ** 31, LEAST, -1.9, 1.9]), "int32")],
    [[LEAST, LEAST, LEAST, LEAST, LEAST, LEAST, LEAST, -1, 1]],
  ],
  [
    "1 to any power, and any number to the power 0",
    () => [
      tf.pow(
        tf.tensor1d([1, -1, -1, NaN, 2, 1, NaN]),
        tf.tensor1d([NaN, Infinity, NaN, 0, NaN, -Infinity, 1]),
      ),
      tf.pow(1, tf.tensor1d([NaN, 2])),
      tf.pow(tf.tensor2d([NaN, 1], [2, 1]), tf.tensor1d([0, NaN])),
    ],
    [
      [1, 1, NaN, 1, NaN, 1, NaN],
      [1, 1],
      [1, NaN, 1, 1],
    ],
  ],
  [
    "the logarithm of sums of nothing and of infinity",
    () => {
      const rows = tf.tensor2d([-Infinity, -Infinity, Infinity, 1, -Infinity, 2], [3, 2]);
      return [tf.logSumExp(rows, 1), tf.logSumExp(rows, 1, true), tf.max(rows, 1)];
    },
    [
      [-Infinity, Infinity, 2],
      [-Infinity, Infinity, 2],
      [-Infinity, Infinity, 2],
    ],
  ],
  [
    "normalization along another axis than the last",
    () => [
      tf.batchNorm(
        tf.reshape(tf.range(0, 12), [1, 3, 2, 2]) as tf.Tensor4D,
        spread([1, 2, 3]),
        spread([1, 3, 8]),
        undefined,
        undefined,
        1,
      ),
    ],
    [[-0.70711, 0, 0.70711, 1.41421, 1, 1.5, 2, 2.5, 1.66667, 2, 2.33333, 2.66667]],
  ],
  [
    "normalization in five dimensions",
    () => [normalized(tf.tensor([1, 2, 4, 8], [1, 1, 1, 2, 2]))],
    [[0, 0, 1.5, 2]],
  ],
  [
    "gradients of a normalization without scale and offset",
    () =>
      tf.grads((x, mean, variance) =>
        tf.mul(
          tf.batchNorm(x!, mean as tf.Tensor1D, variance as tf.Tensor1D, undefined, undefined, 1),
          tf.tensor2d([
            [1, 2],
            [3, 4],
          ]),
        ),
      )([
        tf.tensor2d([
          [1, 2],
          [4, 8],
        ]),
        tf.tensor1d([1, 2]),
        tf.tensor1d([3, 8]),
      ]),
    [
      [0.5, 0.66667, 1.5, 1.33333],
      [-2, -2],
      [-0.5625, -0.44444],
    ],
  ],
  ["a magnitude is flat at 0", () => [tf.grad(tf.abs)(tf.tensor1d([0, -2, 3]))], [[0, -1, 1]]],
  [
    "selu at 0 goes up with its line",
    () => [tf.grad(tf.selu)(tf.tensor1d([0, -2, 3]))],
    [[1.0507, 0.23793, 1.0507]],
  ],
  [
    "what is repeated no time has no gradient",
    () => tf.grads((a, b) => tf.add(tf.mul(a!, b!), a!))([tf.ones([1, 3]), tf.ones([0, 3])]),
    [[0, 0, 0], []],
  ],
];

describe("numbers without bounds, and where functions have a corner", () => {
  before(correctGradients);
  after(() => switchBackend("cpu"));

  for (const backend of ["cpu", "wasm", "native"])
    it(`are those of TensorFlow on ${backend}`, async function () {
      const place = backend === "native" ? nativePlace() : {};
      if ("missing" in place) {
        console.log(`      skipped: ${place.missing}`);
        this.skip();
      }
      await switchBackend(backend);
      for (const [name, compute, wanted] of KNOWN)
        assert.deepEqual(compute().map(rounded), wanted, `${name} on ${backend}`);
    });
});

/** -0 is 0 here. */
function rounded(x: tf.Tensor): number[] {
  return Array.from(x.dataSync() as Float32Array, (value) => Math.round(value * 1e5) / 1e5 + 0);
}
