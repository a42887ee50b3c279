import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { formatValue } from "../../../kernel/cells/values/format-value.js";
import { ensureBackend } from "../../../src/runtime/choose.js";
import { loadModel, tf } from "../../../src/index.js";

const MNIST = fileURLToPath(new URL("../../../../notebooks/models/mnist_cnn.h5", import.meta.url));

describe("values of TensorFlow.js in cells", () => {
  let model: tf.LayersModel;
  before(async () => {
    await ensureBackend();
    await loadModel(MNIST); // whose weights have the same names
    model = await loadModel(MNIST);
  });

  it("prints a tensor with its values, and inside a list on one line", () => {
    const matrix = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    assert.equal(inspect(matrix), "Tensor float32 [2, 2]\n[[1. 2.]\n [3. 4.]]");
    assert.equal(
      inspect([tf.tensor1d([1, 2], "int32"), matrix]),
      "[ Tensor int32 [2] [1 2], Tensor float32 [2, 2] ]",
    );
    assert.equal(inspect(tf.variable(tf.tensor1d([7]), true, "slope")), 'Tensor float32 [1] "slope"\n[7.]');
    matrix.dispose();
    assert.equal(inspect(matrix), "Tensor float32 [2, 2] (disposed)");
  });

  it("prints a layer, its weights, a symbolic tensor and an optimizer on one line each", () => {
    assert.equal(
      inspect(model.layers.slice(1, 3)),
      '[\n  Conv2D "conv2d", 80 parameters: kernel (3, 3, 1, 8), bias (8,),\n  MaxPooling2D "max_pooling2d", no weights\n]',
    );
    assert.equal(inspect(model.weights[0]), 'LayerVariable "conv2d/kernel" float32 (3, 3, 1, 8)');
    assert.equal(inspect(model.inputs[0]), 'SymbolicTensor float32 (None, 28, 28, 1) of "conv2d_input"');
    assert.match(inspect(model.optimizer), /^Adam, \d+ steps, learning rate 0\.001$/);
  });

  it("prints optimizers and datasets of TensorFlow.js on one line each", async () => {
    const { optimizer } = trained();
    assert.equal(inspect([optimizer]), "[ AdamOptimizer, 0 steps, learning rate 0.001 ]");
    assert.equal(inspect(tf.train.sgd(0.5)), "SGDOptimizer, 0 steps, learning rate 0.5");
    const array = tf.data.array([1, 2, 3]);
    assert.equal(inspect(array), "Dataset of 3 elements; the first ones: await dataset.take(3).toArray()");
    const counted = tf.data.generator(function* () {
      yield 1;
    });
    assert.equal(
      inspect({ a: array.batch(2), b: array.repeat(), c: counted }),
      "{\n  a: Dataset of 2 elements,\n  b: Dataset of elements without end,\n  c: Dataset of elements not counted\n}",
    );
    assert.match(inspect([tf.data.csv("file://a.csv")]), /^\[ CSVDataset of elements not counted \]$/);
  });

  it("prints the engine, its backend and its environment without their members", async () => {
    await tf.setBackend("cpu");
    const kept = tf.tensor1d([1, 2]);
    assert.match(inspect(tf.engine()), /^Engine on "cpu", [\d,]+ tensors?, [\d,]+ bytes$/);
    assert.match(inspect([tf.backend()]), /^\[ \w+ "cpu", [\d,]+ tensors? \]$/);
    assert.match(inspect(tf.env()), /^Environment with \d+ flags\n(?: {2}[A-Z_\d]+: \w+\n?)+$/);
    kept.dispose();
  });

  /** Compiled by TensorFlow.js itself. */
  function trained(): tf.Sequential {
    const made = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    made.compile({ optimizer: "adam", loss: "meanSquaredError" });
    return made;
  }

  it("shows a model that is the result of a cell as the table of its layers", async () => {
    const { data } = await formatValue(model);
    assert.match(String(data["text/plain"]), /^mnist_cnn \(Sequential\)[^]*max_pooling2d_1 +MaxPooling2D/);
    assert.match(String(data["text/html"]), />kernel<[^]*>bias</);
    assert.ok("text/html" in data && "application/vnd.loadlab.summary.v1+json" in data);
    assert.equal(inspect({ model }), '{ model: Sequential "mnist_cnn", 10 layers, 14,410 parameters }');
  });

  it("takes models and layers that are not built yet", async () => {
    const layer = tf.layers.dense({ units: 3, name: "three" });
    assert.equal(inspect(layer), 'Dense "three", not built');
    const empty = await formatValue(tf.sequential({ name: "empty" }));
    assert.deepEqual(empty.data, { "text/plain": 'Sequential "empty", 0 layers, not built' });
    const made = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4] })], name: "made" });
    assert.equal(inspect(made), 'Sequential "made", 1 layer, 15 parameters');
    assert.match(String((await formatValue(made)).data["text/plain"]), /Dense +\(None, 3\) +15/);
  });
});
