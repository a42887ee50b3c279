import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { customLayer } from "../../../src/layers/custom/custom.js";
import { openModel } from "./open-model.js";
import { startOn } from "./start-on.js";
import { predictionError, readReference } from "./reference.js";

/** What a user writes for the class that the file does not hold. */
class MyAttention extends tf.layers.Layer {
  static className = "MyAttention";
  private readonly units: number;
  private variables: tf.LayerVariable[] = [];

  constructor(config: Record<string, unknown>) {
    super(config);
    this.units = config["units"] as number;
  }

  override build(inputShape: tf.Shape): void {
    const features = inputShape.at(-1)!;
    const shapes: [string, number[]][] = [
      ["w", [features, this.units]],
      ["b", [this.units]],
      ["v", [this.units, 1]],
    ];
    this.variables = shapes.map(([name, shape]) =>
      this.addWeight(name, shape, "float32", tf.initializers.zeros()),
    );
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    return pool(
      x,
      this.variables.map((variable) => variable.read()),
    );
  }
}

function pool(x: tf.Tensor, [w, b, v]: readonly tf.Tensor[]): tf.Tensor {
  const [batch, steps, features] = x.shape as [number, number, number];
  const flat = tf.reshape(x, [batch * steps, features]) as tf.Tensor2D;
  const scores = tf.matMul(tf.tanh(tf.add(tf.matMul(flat, w as tf.Tensor2D), b!)), v as tf.Tensor2D);
  const shares = tf.softmax(tf.reshape(scores, [batch, steps]));
  return tf.sum(tf.mul(x, tf.expandDims(shares, 2)), 1);
}

describe("the notebook's models", () => {
  before(() => startOn("cpu"));

  it("mnist_cnn.h5 of Keras 2 predicts Keras's numbers", async () => {
    const { model, findings } = await openModel("notebooks/models/mnist_cnn.h5");
    assert.deepEqual(findings, []);
    const reference = readReference("notebooks/models/mnist_cnn.reference.json");
    assert.ok((await predictionError(model!, reference)) < 1e-5);
  });

  it("custom_attention.h5 stops at the class that no one knows, and names it", async () => {
    const { model, findings, layers } = await openModel("notebooks/models/custom_attention.h5");
    assert.equal(model, null);
    assert.deepEqual(
      findings.map(({ code, layer }) => [code, layer]),
      [["C01", "attention"]],
    );
    assert.deepEqual([...layers.keys()], ["tokens", "embedding", "lstm"]);
  });

  it("custom_attention.h5 predicts Keras's numbers once a class is registered", async () => {
    const custom = new Map([["MyAttention", customLayer("MyAttention", MyAttention)]]);
    const { model, findings } = await openModel("notebooks/models/custom_attention.h5", custom);
    assert.deepEqual(findings, []);
    const reference = readReference("notebooks/models/custom_attention.reference.json");
    assert.ok((await predictionError(model!, reference)) < 1e-5);
  });

  it("takes a function of inputs and weights in place of a class", async () => {
    const custom = new Map([
      ["MyAttention", customLayer("MyAttention", (x, { weights }) => pool(x as tf.Tensor, weights))],
    ]);
    const { model } = await openModel("notebooks/models/custom_attention.h5", custom);
    const reference = readReference("notebooks/models/custom_attention.reference.json");
    assert.ok((await predictionError(model!, reference)) < 1e-5);
  });
});
