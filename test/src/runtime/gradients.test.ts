import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { divideNoNan } from "../../../src/ops/divide-no-nan.js";
import { OPERATIONS } from "../../../src/ops/table.js";
import { useBackend } from "../../../src/runtime/choose.js";

describe("gradients that TensorFlow.js gets wrong, or fails at", () => {
  before(async () => {
    await useBackend("cpu");
  });

  const check = (name: string, f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor, expected: number[]) => {
    it(name, () => {
      assert.deepEqual([...tf.grad(f)(x).dataSync()], expected);
    });
  };

  check("of what is taken apart into one", (x) => tf.unstack(x)[0]!.square(), tf.tensor2d([[1, 2]]), [2, 4]);
  check("of a split into one", (x) => tf.split(x, 1)[0]!.square(), tf.tensor1d([1, 2]), [2, 4]);
  check(
    "of parts whose list is turned about",
    (x) => tf.unstack(x).reverse()[0]!.mul(2),
    tf.tensor1d([1, 2]),
    [0, 2],
  );
  check(
    "of parts taken out of their list",
    (x) => {
      const parts = tf.split(x, 2);
      return tf.mul(parts.shift()!, 5);
    },
    tf.tensor1d([1, 2]),
    [5, 0],
  );
  check("of a rectifier at its bounds", tf.relu6, tf.tensor1d([-1, 0, 2, 6, 7]), [0, 0, 1, 0, 0]);
  check(
    "of the gradient of a rectifier",
    (x) => tf.square(tf.grad((z) => tf.relu(z).pow(3))(x)),
    tf.tensor1d([-1, 1]),
    [0, 36],
  );
  check(
    "of places that are computed",
    (x) => tf.mul(tf.gather(tf.tensor1d([5, 7]), tf.cast(tf.step(x), "int32")), x),
    tf.tensor1d([1, -1]),
    [7, 5],
  );
  check(
    "of a product over axes counted from the end",
    (x) => tf.prod(x, [-1, 0]),
    tf.tensor2d([
      [1, 2],
      [3, 4],
    ]),
    [24, 12, 8, 6],
  );
  check(
    "of five repeated axes",
    (x) => tf.mul(tf.tile(tf.reshape(x, [1, 2, 1, 1, 1]), [1, 2, 1, 3, 1]).reshape([-1]), tf.range(0, 12)),
    tf.tensor1d([1, 2]),
    [0 + 1 + 2 + 6 + 7 + 8, 3 + 4 + 5 + 9 + 10 + 11],
  );
  check(
    "of a slice in which there is nothing",
    (x) => tf.stridedSlice(x, [3], [-5], [1]),
    tf.tensor1d([1, 2, 3, 4]),
    [0, 0, 0, 0],
  );
  // tf.image.crop_and_resize of TensorFlow 2.21.
  check(
    "of a crop, between its pixels",
    (x) => tf.image.cropAndResize(x as tf.Tensor4D, [[0, 0, 1, 0.5]], [0], [2, 2]),
    tf.ones([1, 2, 2, 1]),
    [1.5, 0.5, 1.5, 0.5],
  );
  check(
    "of a crop, at the nearest pixels and beyond the edge",
    (x) => tf.image.cropAndResize(x as tf.Tensor4D, [[0, 0.75, 0.25, 1.5]], [0], [2, 2], "nearest"),
    tf.ones([1, 2, 2, 1]),
    [0, 2, 0, 0],
  );
  check(
    "of what is gathered in batches of two axes",
    (x) =>
      tf.mul(tf.gather(x, tf.tensor3d([1, 1, 0, 2], [1, 2, 2], "int32"), 2, 2).reshape([-1]), [1, 2, 3, 4]),
    tf.ones([1, 2, 3]),
    [0, 3, 0, 3, 0, 4],
  );
  check(
    "of a window wider than its input",
    (x) => tf.conv2d(tf.ones([1, 2, 2, 1]) as tf.Tensor4D, x as tf.Tensor4D, 1, "valid"),
    tf.ones([1, 3, 1, 1]),
    [0, 0, 0],
  );
  check(
    "of a divisor of 0 that counts as none",
    (x) => divideNoNan(tf.scalar(3), x),
    tf.tensor1d([0, 2]),
    [0, -0.75],
  );

  // tf.math of TensorFlow 2.21 at 0.3 and 0.7: values, then gradients.
  for (const [name, values, gradients] of [
    ["Erfinv", [0.27246267, 0.73286903], [0.95452034, 1.51636326]],
    ["I0", [1.02262735, 1.12630284], [0.15169387, 0.3718797]],
    ["Lgamma", [1.09579802, 0.26086727], [-3.5025239, -1.22002363]],
    ["Digamma", [-3.5025239, -1.22002363], [12.24536324, 2.83404851]],
  ] as const) {
    it(`${name}, which no kernel computes, has its values and its gradient`, () => {
      const of = (x: tf.Tensor) => OPERATIONS.get(name)!.compute({ x }) as tf.Tensor;
      const x = tf.tensor1d([0.3, 0.7]);
      for (const [found, expected] of [
        [of(x), values],
        [tf.grad(of)(x), gradients],
      ] as const) {
        const error = tf.max(tf.abs(tf.sub(found, tf.tensor1d([...expected])))).dataSync()[0]!;
        assert.ok(error < 1e-5, `${error}`);
      }
    });
  }
});
