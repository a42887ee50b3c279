import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { layers } from "../../../src/index.js";
import { normalizeBatch } from "../../../src/layers/normalization/normalize-batch.js";
import { switchBackend } from "../../../src/runtime/switch.js";
import { nativePlace } from "../../backends/places.js";

const EPSILON = 1e-3;

/** The same, step by step, with the gradients of its steps. */
function steps(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor): tf.Tensor {
  const { mean, variance } = tf.moments(
    x,
    x.shape.slice(1).map((_, i) => i),
  );
  return tf.add(tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, EPSILON))), gamma), beta);
}

function close(found: tf.Tensor, expected: tf.Tensor): void {
  assert.deepEqual(found.shape, expected.shape);
  const largest = (x: tf.Tensor) => tf.max(tf.abs(x)).dataSync()[0]!;
  const error = largest(tf.sub(found, expected)) / Math.max(1, largest(expected));
  assert.ok(error < 1e-5, `${error}`);
}

describe("normalization by the batch's own statistics", () => {
  const native = nativePlace();
  for (const place of ["cpu", "wasm", "native"])
    for (const shape of [
      [8, 5],
      [3, 4, 5, 6],
      [2, 3, 2, 2, 4],
    ])
      it(`has the values and gradients of its steps: [${shape}] on ${place}`, async function () {
        if (place === "native" && "missing" in native) {
          console.log(`      skipped: ${native.missing}`);
          return this.skip();
        }
        await switchBackend(place);
        tf.tidy(() => {
          const channels = [shape.at(-1)!];
          const inputs = [
            tf.randomUniform(shape, -2, 3, "float32", 1),
            tf.randomUniform(channels, 0.5, 2, "float32", 2),
            tf.randomUniform(channels, -1, 1, "float32", 3),
          ];
          const weights = tf.randomUniform(shape, -1, 1, "float32", 4);
          const weighted =
            (f: typeof steps) =>
            (...[x, gamma, beta]: tf.Tensor[]) =>
              tf.sum(tf.mul(f(x!, gamma!, beta!), weights));
          const quick: typeof steps = (x, gamma, beta) => normalizeBatch(x, gamma, beta, EPSILON).y;
          close(quick(inputs[0]!, inputs[1]!, inputs[2]!), steps(inputs[0]!, inputs[1]!, inputs[2]!));
          const found = tf.grads(weighted(quick))(inputs);
          tf.grads(weighted(steps))(inputs).forEach((gradient, i) => close(found[i]!, gradient));
          const { mean, variance } = normalizeBatch(inputs[0]!, inputs[1]!, inputs[2]!, EPSILON);
          const moments = tf.moments(
            inputs[0]!,
            shape.slice(1).map((_, i) => i),
          );
          close(mean, moments.mean);
          close(variance, moments.variance);
          tf.dispose([mean, variance]);
        });
      });

  it("leaves a gradient of a gradient its steps", async () => {
    await switchBackend("cpu");
    const layer = layers.batchNormalization({ epsilon: EPSILON });
    const x = tf.randomUniform([6, 3], -2, 3, "float32", 1);
    layer.build(x.shape);
    const cubes = (y: tf.Tensor) => tf.sum(tf.pow(y, 3));
    const slope = (f: (x: tf.Tensor) => tf.Tensor) => tf.grad((z) => tf.sum(tf.square(tf.grad(f)(z))))(x);
    const byLayer = slope((z) => cubes(layer.apply(z, { training: true }) as tf.Tensor));
    close(
      byLayer,
      slope((z) => cubes(steps(z, tf.ones([3]), tf.zeros([3])))),
    );
  });

  // keras.layers.BatchNormalization(axis=axis, scale=False, momentum=0.9), called with training=True; Keras 3.15.
  for (const { axis, y, dx, dBeta, mean, variance } of [
    {
      axis: -1,
      y: [-0.5622, 0.0528, 1.3379, 1.6867, -0.8415, -0.2839, -0.8835, 0.9472, 2.419, -0.241, 1.8415, 0.527],
      dx: [
        -0.1284, -1.0731, -0.7643, 0.1863, 1.0726, 0.7009, 0.6225, -1.0729, 0.6282, -0.6803, 1.0734, -0.5648,
      ],
      dBeta: [11.9988, 14.9976, 23.9991],
      mean: [0.275, 0.6, 0.075],
      variance: [1.8688, 1.4, 2.2688],
    },
    {
      axis: 1,
      y: [
        -0.9505, 0.5703, -0.5703, 1.6237, 0.5362, -0.9862, -1.3307, 1.3307, 0.9505, 0.3188, 1.8412, -0.3337,
      ],
      dx: [
        -0.1099, -0.7695, -0.7695, 0.176, -0.6515, 0.7828, 0.8794, 0.8794, -0.1099, -0.6317, 0.5267, -0.2023,
      ],
      dBeta: [17.9974, 22.4991],
      mean: [0.35, 0.2833],
      variance: [1.5917, 3.0139],
    },
  ])
    it(`of tf.layers.batchNormalization over axis ${axis} has Keras's numbers, trained without a scale`, async () => {
      await switchBackend("cpu");
      const layer = tf.layers.batchNormalization({ axis, scale: false, momentum: 0.9 });
      layer.build([null, 2, 3]);
      const [beta, ...moving] = layer.getWeights();
      const start = tf.mul(tf.range(0, dBeta.length), 0.5);
      layer.setWeights([start, ...moving]);
      assert.equal(beta!.size, dBeta.length);
      const x = tf.tensor3d([1, 5, 2, 8, 3, -4, 0, 7, 6, 2, 9, -1], [2, 2, 3]);
      const run = (one: tf.Tensor) => layer.apply(one, { training: true }) as tf.Tensor;
      const gradient = tf.grad((one) => tf.sum(tf.pow(run(one), 3)))(x);
      const near = (found: tf.Tensor, wanted: number[]) =>
        tf.test_util.expectArraysClose(found.dataSync(), wanted, 1e-3);
      near(gradient, dx);
      const [, average, spread] = layer.getWeights();
      near(average!, mean);
      near(spread!, variance);
      near(run(x), y);
      const { grads } = tf.variableGrads(() => tf.sum(tf.pow(run(x), 3)) as tf.Scalar);
      near(Object.entries(grads).find(([name]) => /beta/.test(name))![1], dBeta);
    });
});
