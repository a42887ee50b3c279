import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { useBackend } from "../../../src/runtime/choose.js";

const OPERATIONS = 40;

/** Tensors with data of their own, beside those before, that the last step of the gradient finds. */
function atTheEnd(operation: (x: tf.Tensor) => tf.Tensor): number {
  const buffers = () => tf.memory().numDataBuffers;
  const before = buffers();
  let found = 0;
  const first = tf.customGrad((x) => ({
    value: tf.clone(x as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => {
      found = buffers() - before;
      return tf.clone(dy);
    },
  }));
  const chain = (x: tf.Tensor) => {
    let y = first(x);
    for (let i = 0; i < OPERATIONS; i++) y = operation(y);
    return tf.sum(y);
  };
  tf.dispose(grad(chain)(tf.ones([10])));
  return found;
}

const grad = tf.grad as (f: (x: tf.Tensor) => tf.Tensor) => (x: tf.Tensor) => tf.Tensor;

describe("gradients on their way back", () => {
  before(async () => {
    await useBackend("cpu");
  });

  it("are held no longer than one is asked for them", () => {
    const found = atTheEnd((x) => tf.sin(x));
    assert.ok(found < 8, `${found}`);
  });

  it("leave nothing of what a gradient of the user's own computes on its way", () => {
    const own = tf.customGrad((x, save) => {
      (save as tf.GradSaveFunc)([x as tf.Tensor]);
      const gradFunc = (dy: tf.Tensor, [x]: tf.Tensor[]) => tf.mul(dy, tf.mul(tf.add(x!, 0), 2));
      return { value: tf.square(x as tf.Tensor), gradFunc };
    });
    const found = atTheEnd((x) => own(x));
    assert.ok(found < 8, `${found}`);
  });

  it("can be one tensor for two inputs", () => {
    const plus = tf.customGrad((a, b) => ({
      value: tf.add(a as tf.Tensor, b as tf.Tensor),
      gradFunc: (dy: tf.Tensor) => [dy, dy],
    }));
    const x = tf.tensor1d([1, 2]);
    const f = (x: tf.Tensor) => tf.sum(tf.mul(plus(tf.square(x), plus(x, x)), tf.square(x)));
    assert.deepEqual([...grad(f)(x).dataSync()], [4 + 6, 32 + 24]);
  });

  it("pass an operation that gives its input back", () => {
    const same = tf.customGrad((x) => ({
      value: x as tf.Tensor,
      gradFunc: (dy: tf.Tensor) => tf.mul(dy, 3),
    }));
    const f = (x: tf.Tensor) => tf.sum(same(tf.square(x)));
    assert.deepEqual([...grad(f)(tf.tensor1d([1, 2])).dataSync()], [6, 12]);
  });

  it("can be a tensor that somebody holds, and leave it", () => {
    const held = tf.tensor1d([5, 7]);
    const own = tf.customGrad((x, save) => {
      (save as tf.GradSaveFunc)([held]);
      return { value: tf.clone(x as tf.Tensor), gradFunc: () => held };
    });
    const saving = tf.customGrad((x, save) => {
      (save as tf.GradSaveFunc)([tf.square(x as tf.Tensor)]);
      return { value: tf.clone(x as tf.Tensor), gradFunc: (_: tf.Tensor, [saved]: tf.Tensor[]) => saved! };
    });
    const x = tf.tensor1d([1, 2]);
    assert.deepEqual([...grad((x) => own(tf.mul(x, 2)))(x).dataSync()], [10, 14]);
    assert.deepEqual([...grad(own)(x).dataSync()], [5, 7]);
    assert.deepEqual([...grad(saving)(x).dataSync()], [1, 4]);
    assert.deepEqual([...held.dataSync()], [5, 7]);
  });

  it("leave the caller's own gradient, and the tensor that it was asked for", () => {
    const x = tf.tensor1d([1, 2]);
    const dy = tf.tensor1d([3, 4]);
    const gradient = tf.grad((x: tf.Tensor) => tf.square(x))(x, dy);
    assert.deepEqual([...gradient.dataSync()], [6, 16]);
    assert.deepEqual([...dy.dataSync(), ...x.dataSync()], [3, 4, 1, 2]);
  });

  it("can be taken of gradients, three times over", () => {
    const cube = (x: tf.Tensor) => tf.mul(tf.mul(x, x), tf.mul(x, x));
    const third = grad((x) => grad((x) => grad(cube)(x))(x));
    assert.deepEqual([...third(tf.tensor1d([1, 2])).dataSync()], [24, 48]);
  });

  it("leave no tensors, be there an error or not", () => {
    const x = tf.tensor1d([1, 2]);
    const failing = tf.customGrad((x) => ({
      value: tf.clone(x as tf.Tensor),
      gradFunc: () => {
        throw new Error("no gradient");
      },
    }));
    const before = tf.memory().numTensors;
    tf.dispose(grad((x) => tf.sum(tf.square(tf.sin(x))))(x));
    assert.throws(() => grad((x) => tf.sin(failing(tf.square(tf.sin(x)))))(x), /no gradient/);
    assert.throws(
      () =>
        grad((x) => {
          tf.sin(tf.square(x));
          throw new Error("not forward");
        })(x),
      /not forward/,
    );
    assert.throws(() => grad(() => tf.ones([2]))(x), /encloses all operations/);
    assert.equal(tf.memory().numTensors, before);
  });
});
