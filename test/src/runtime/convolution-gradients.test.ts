import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { switchBackend } from "../../../src/runtime/switch.js";

interface Case {
  readonly x: [number, number, number, number];
  readonly filter: [number, number, number, number];
  readonly strides: number | [number, number];
  readonly pad: "same" | "valid" | number;
  readonly dilations?: number;
}

const CASES: readonly Case[] = [
  { x: [2, 6, 5, 3], filter: [3, 3, 3, 4], strides: 1, pad: "same" },
  { x: [2, 6, 5, 3], filter: [3, 2, 3, 4], strides: 1, pad: "valid" },
  { x: [1, 7, 6, 2], filter: [3, 3, 2, 3], strides: 2, pad: "same" },
  { x: [1, 8, 7, 2], filter: [2, 3, 2, 3], strides: [2, 3], pad: "valid" },
  { x: [1, 5, 5, 2], filter: [3, 3, 2, 2], strides: 2, pad: 1 },
  { x: [2, 5, 4, 3], filter: [1, 1, 3, 2], strides: 2, pad: "same" },
  { x: [1, 7, 7, 2], filter: [3, 3, 2, 2], strides: 1, pad: "valid", dilations: 2 },
  { x: [2, 6, 5, 3], filter: [3, 3, 3, 1], strides: 1, pad: "same" },
  { x: [1, 7, 8, 2], filter: [3, 2, 2, 1], strides: 2, pad: "same" },
  { x: [1, 9, 7, 2], filter: [2, 3, 2, 1], strides: [2, 3], pad: "valid" },
  { x: [1, 5, 6, 2], filter: [3, 3, 2, 1], strides: 3, pad: 2 },
  { x: [1, 7, 7, 2], filter: [3, 3, 2, 1], strides: 1, pad: "same", dilations: 2 },
];

/** The sum of weighted outputs is linear in each operand: a change of one number by 1 is its gradient. */
function slopes(run: (operand: tf.Tensor) => tf.Tensor, operand: tf.Tensor): number[] {
  const values = [...operand.dataSync()];
  const at = (changed: number[]) => run(tf.tensor(changed, operand.shape)).dataSync()[0]!;
  const own = at(values);
  return values.map((value, i) => at(values.with(i, value + 1)) - own);
}

function check({ x, filter, strides, pad, dilations = 1 }: Case, depthwise: boolean): void {
  const input = tf.randomUniform(x, -1, 1, "float32", 1) as tf.Tensor4D;
  const kernel = tf.randomUniform(filter, -1, 1, "float32", 2) as tf.Tensor4D;
  const convolve = depthwise ? tf.depthwiseConv2d : tf.conv2d;
  const outputs = (a: tf.Tensor, b: tf.Tensor) =>
    convolve(a as tf.Tensor4D, b as tf.Tensor4D, strides, pad, "NHWC", dilations);
  const weights = tf.randomUniform(outputs(input, kernel).shape, -1, 1, "float32", 3);
  const total = (a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.mul(outputs(a, b), weights));
  for (const [name, operand, run] of [
    ["filter", kernel, (b: tf.Tensor) => total(input, b)],
    ["input", input, (a: tf.Tensor) => total(a, kernel)],
  ] as const) {
    const gradient = [...tf.grad(run)(operand).dataSync()];
    slopes(run, operand).forEach((slope, i) => {
      const where = `${name}: ${JSON.stringify({ x, filter, strides, pad, dilations })}`;
      assert.ok(Math.abs(slope - gradient[i]!) < 1e-3, where);
    });
  }
}

describe("gradients of convolutions", function () {
  this.timeout(120_000);
  for (const place of ["cpu", "wasm"])
    for (const depthwise of [false, true])
      it(`${depthwise ? "depthwise" : "plain"} on ${place}`, async () => {
        await switchBackend(place);
        for (const given of CASES) tf.tidy(() => check(given, depthwise));
        await switchBackend("cpu");
      });
});
