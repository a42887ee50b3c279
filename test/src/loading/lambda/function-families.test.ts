import assert from "node:assert/strict";
import { tf } from "../../../../src/index.js";
import { functionNamed, type Family } from "../../../../src/loading/lambda/function-table.js";
import type { Value } from "../../../../src/loading/lambda/value.js";
import { ensureBackend } from "../../../../src/runtime/choose.js";

const X: [number[], number[]] = [
  [3, -1, 2],
  [-5, 4, 0.5],
];

async function result(family: Family, name: string, ...rest: Value[]): Promise<number[]> {
  const tensor = functionNamed(name, family)!.run([tf.tensor2d(X), ...rest]) as tf.Tensor;
  return [...(await tensor.data())].map((n) => Math.round(n * 1e4) / 1e4);
}

describe("functions of one name in Keras's backend, keras.ops and TensorFlow", () => {
  before(() => ensureBackend());

  it("argmax without an axis: the last one in Keras, the first in TensorFlow, unknown where it flattens", async () => {
    assert.deepEqual(await result("K", "argmax"), [0, 1]);
    assert.deepEqual(await result("tf", "argmax"), [0, 1, 0]);
    await assert.rejects(result("ops", "argmax"), /axis that is not given/);
    assert.deepEqual(await result("ops", "argmax", -1), [0, 1]);
  });

  it("K.flatten makes one row of the batch too, a layer's flatten does not", () => {
    const shape = (family: Family) =>
      (functionNamed("flatten", family)!.run([tf.tensor2d(X)]) as tf.Tensor).shape;
    assert.deepEqual(shape("K"), [6]);
    assert.deepEqual(shape("tf"), [2, 3]);
  });

  it("hard_sigmoid is the line of Keras 2 in its backend, that of Keras 3 in keras.ops", async () => {
    assert.deepEqual(await result("K", "hard_sigmoid"), [1, 0.3, 0.9, 0, 1, 0.6]);
    assert.deepEqual(await result("ops", "hard_sigmoid"), [1, 0.3333, 0.8333, 0, 1, 0.5833]);
  });

  it("K.relu has a slope and a ceiling", async () => {
    assert.deepEqual(await result("K", "relu", 0.1, 2.5), [2.5, -0.1, 2, -0.5, 2.5, 0.5]);
  });

  it("keras.ops.normalize takes the last axis, TensorFlow's l2_normalize everything", async () => {
    const norm = (values: number[]) => Math.hypot(...values);
    assert.ok(Math.abs(norm((await result("ops", "normalize")).slice(0, 3)) - 1) < 1e-3);
    assert.ok(Math.abs(norm(await result("tf", "l2_normalize")) - 1) < 1e-3);
  });

  it("split gives tensors, einsum follows its equation", async () => {
    const parts = functionNamed("split")!.run([tf.tensor2d(X), 3, 1]) as tf.Tensor[];
    assert.deepEqual(
      parts.map(({ shape }) => shape),
      [
        [2, 1],
        [2, 1],
        [2, 1],
      ],
    );
    const outer = functionNamed("einsum")!.run(["bi,bj->bij", tf.tensor2d(X), tf.tensor2d(X)]) as tf.Tensor;
    assert.deepEqual(outer.shape, [2, 3, 3]);
    assert.equal([...(await outer.data())][1], -3);
  });
});
