import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { compareModels } from "../../../src/comparing/compare-models.js";
import { comparisonText } from "../../../src/display/comparison.js";
import { compareWithReference } from "../../../src/comparing/compare-reference.js";

const dense = (width: number) =>
  tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [width] })] });

describe("compareModels", () => {
  before(() => tf.setBackend("cpu"));

  it("says which inputs differ where two models cannot be compared", () => {
    assert.throws(
      () => compareModels(dense(3), dense(4), ["first", "second"]),
      /first takes \[null, 3\], second takes \[null, 4\]/,
    );
  });

  it("finds the layer that differs", () => {
    const comparison = compareModels(dense(3), dense(3), ["first", "second"]);
    assert.equal(comparison.first, 0);
    const model = dense(3);
    assert.equal(compareModels(model, model, ["first", "first"]).first, -1);
  });

  it("shows a layer of a class that has no className by the class", () => {
    class Doubled extends tf.layers.Layer {
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        return tf.mul([inputs].flat()[0]!, 2);
      }
    }
    const model = dense(3);
    model.add(new Doubled({ name: "twice" }));
    const comparison = compareModels(model, model, ["first", "first"]);
    assert.match(comparisonText(comparison), /twice +Doubled/);
  });

  it("compares models in the model, and layers that were called elsewhere before, where this one calls them", () => {
    const inner = dense(3);
    const shared = tf.layers.dense({ units: 1 });
    shared.apply(tf.input({ shape: [2] }));
    const input = tf.input({ shape: [3] });
    const outputs = shared.apply(inner.apply(input)) as tf.SymbolicTensor;
    const model = tf.model({ inputs: input, outputs });
    const { rows, first } = compareModels(model, model, ["first", "first"]);
    assert.deepEqual([rows.map(({ name }) => name), first], [[inner.name, shared.name], -1]);
  });

  it("shows the layers of a model in the model where it differs, and not where it does not", () => {
    const made = (kernel: number) => {
      const layers = ["one", "two"].map((name, i) =>
        tf.layers.dense({
          units: 2,
          name,
          kernelInitializer: tf.initializers.constant({ value: i === 1 ? kernel : 1 }),
          ...(i === 0 ? { inputShape: [3] } : {}),
        }),
      );
      const deeper = tf.sequential({ name: "deeper", layers });
      const inside = tf.input({ shape: [3] });
      const encoder = tf.model({
        inputs: inside,
        outputs: deeper.apply(inside) as tf.SymbolicTensor,
        name: "encoder",
      });
      const input = tf.input({ shape: [3] });
      return tf.model({ inputs: input, outputs: encoder.apply(input) as tf.SymbolicTensor });
    };
    const names = (kernel: number) =>
      compareModels(made(1), made(kernel), ["a", "b"]).rows.map(({ name }) => name);
    assert.deepEqual(names(1), ["encoder"]);
    assert.deepEqual(names(2), ["encoder/deeper/one", "encoder/deeper/two", "encoder/deeper", "encoder"]);
    assert.equal(compareModels(made(1), made(2), ["a", "b"]).first, 1);
  });
});

describe("compareWithReference", () => {
  it("says which inputs a reference has where they are not the model's", () => {
    const compare = (...inputs: tf.Tensor[]) =>
      compareWithReference(dense(3), { inputs, outputs: [tf.zeros([1, 2])] }, ["model", "a.npz"]);
    assert.throws(
      () => compare(tf.ones([1, 4])),
      /model takes \[null, 3\], the inputs of a.npz are \[1, 4\]/,
    );
    assert.throws(() => compare(tf.ones([1, 3]), tf.ones([1, 3])), /are \[1, 3\] and \[1, 3\]/);
    assert.equal(compare(tf.ones([1, 3])).rows.length, 1);
  });
});
