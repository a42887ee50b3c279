import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { layers } from "../../../src/index.js";
import { computeInHalves } from "../../../src/layers/quantized/half-precision.js";
import { roundToHalf } from "../../../src/ops/half-precision.js";
import { startOn } from "../keras/start-on.js";

describe("numbers of 16 bits", () => {
  before(() => startOn("cpu"));

  it("are those of NumPy, in the range of subnormal numbers and beyond the largest too", () => {
    const x = tf.tensor1d([1 / 3, 2049, 2051, 65519, 65520, 1e-8, 6e-8, 5e-5, -70000, 1e-3, 6.1e-5, NaN]);
    const expected = [
      0.333251953125,
      2048,
      2052,
      65504,
      Infinity,
      0,
      2 ** -24,
      839 * 2 ** -24,
      -Infinity,
      1049 * 2 ** -20,
      1023 * 2 ** -24,
      NaN,
    ];
    assert.deepEqual([...roundToHalf(x, "float16").dataSync()], expected);
    const wide = roundToHalf(tf.tensor1d([1 / 3, 257, 3.3e38, -1e38, Infinity]), "bfloat16").dataSync();
    const brain = [0.333984375, 256, 248 * 2 ** 120, -75 * 2 ** 120, Infinity];
    assert.deepEqual([...wide], brain);
  });

  it("are what a layer of such a policy takes, weighs and gives; its weights stay as they are", () => {
    const kernel = tf.tensor2d([[0.1], [1000.3]]);
    for (const [type, expected] of [
      ["float16", [100.125, Infinity]],
      ["bfloat16", [100, 90112]],
    ] as const) {
      const layer = layers.dense({ units: 1, useBias: false });
      computeInHalves(layer, "Dense", type);
      const x = tf.tensor2d([
        [1, 0.1],
        [1, 90],
      ]);
      layer.apply(x);
      layer.setWeights([kernel]);
      assert.deepEqual([...(layer.apply(x) as tf.Tensor).dataSync()], expected);
      assert.equal(layer.getWeights()[0]!.dataSync()[1], Math.fround(1000.3));
    }
  });

  it("let gradients through, rounded alike", () => {
    const gradient = tf.grad((x) => tf.sum(tf.mul(roundToHalf(x, "float16"), 1 / 3)))(tf.tensor1d([2049]));
    assert.deepEqual([...gradient.dataSync()], [0.333251953125]);
  });
});
