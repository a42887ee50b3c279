import assert from "node:assert/strict";
import { tf } from "../../../../src/index.js";
import { functionNamed, isPlainlyNamed, type Family } from "../../../../src/loading/lambda/function-table.js";
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

  it("K.resize_images repeats pixels unless it is told otherwise, tf.image.resize places new ones between", async () => {
    const picture = tf.tensor4d([1, 3, 5, 7], [1, 2, 2, 1]);
    const rows = async (family: Family, name: string, ...rest: Value[]) =>
      [...(await (functionNamed(name, family)!.run([picture, ...rest]) as tf.Tensor).data())].slice(0, 4);
    assert.deepEqual(await rows("K", "resize_images", 2, 2, "channels_last"), [1, 1, 3, 3]);
    assert.deepEqual(await rows("K", "resize_images", 2, 2, "channels_last", "bilinear"), [1, 1.5, 2.5, 3]);
    assert.deepEqual(await rows("tf", "resize", [4, 4]), [1, 1.5, 2.5, 3]);
    assert.deepEqual(await rows("tf", "resize", [4, 4], "nearest"), [1, 1, 3, 3]);
    await assert.rejects(rows("K", "resize_images", 2, 2, "channels_first"), /pictures as channels_first/);
    await assert.rejects(rows("tf", "resize", [4, 4], "bicubic"), /resizing by bicubic/);
  });

  it("top_k, sort, slice, swapaxes and flips", async () => {
    const [values, indices] = functionNamed("top_k")!.run([tf.tensor2d(X), 2]) as tf.Tensor[];
    assert.deepEqual([...(await values!.data())], [3, 2, 4, 0.5]);
    assert.deepEqual([...(await indices!.data())], [0, 2, 1, 2]);
    assert.deepEqual(await result("tf", "sort"), [-1, 2, 3, -5, 0.5, 4]);
    assert.deepEqual(await result("tf", "sort", -1, "DESCENDING"), [3, 2, -1, 4, 0.5, -5]);
    assert.deepEqual(await result("tf", "slice", [0, 1], [-1, 2]), [-1, 2, 4, 0.5]);
    assert.deepEqual(await result("ops", "swapaxes", 0, 1), [3, -5, -1, 4, 2, 0.5]);
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

describe("functions of one name in several modules", () => {
  it("are known where the name says what they do, and nowhere else", () => {
    const plain = (name: string) => isPlainlyNamed(name.split("."));
    for (const name of [
      "K.mean",
      "tf.transpose",
      "tf.math.reduce_mean",
      "tf.keras.backend.stack",
      "keras.ops.add",
    ])
      assert.ok(plain(name), name);
    for (const name of ["tf.image.transpose", "tf.strings.split", "tf.keras.layers.add", "tf.ragged.stack"])
      assert.ok(!plain(name), name);
  });
});
