import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { layers } from "../../../src/index.js";
import { normalizeBatch } from "../../../src/layers/normalize-batch.js";
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
});
