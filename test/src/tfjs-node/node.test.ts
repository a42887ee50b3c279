import { strict as assert } from "node:assert";
import * as plain from "@tensorflow/tfjs";
import { useBackend } from "../../../src/runtime/choose.js";
import * as tf from "../../../src/tfjs-node/index.js";

describe("what @tensorflow/tfjs-node adds to TensorFlow.js", () => {
  before(() => useBackend("cpu"));

  it("is there over the same TensorFlow.js", () => {
    assert.equal(tf.engine(), plain.engine());
    assert.equal(tf.matMul, plain.matMul);
    assert.equal(tf.io.withSaveHandler, plain.io.withSaveHandler);
    assert.equal(typeof tf.io.fileSystem("folder").load, "function");
  });

  it("writes a PNG and reads it back, in other channels and types too", async () => {
    const picture = tf.tensor3d([0, 50, 100, 150, 200, 255, 10, 20, 30, 40, 50, 60], [2, 2, 3], "int32");
    const png = await tf.node.encodePng(picture);
    assert.deepEqual(tf.node.decodeImage(png).arraySync(), picture.arraySync());
    assert.equal(tf.node.decodePng(png).dtype, "int32");
    assert.deepEqual(tf.node.decodePng(png, 4).shape, [2, 2, 4]);
    assert.deepEqual(tf.node.decodePng(png, 1).shape, [2, 2, 1]);
    const share = tf.node.decodePng(png, 3, "float32").arraySync();
    assert.ok(Math.abs(share[0]![1]![2]! - 1) < 1e-6);
  });

  it("refuses what is no such picture, and says what takes the place of what is not here", async () => {
    const png = await tf.node.encodePng(tf.zeros([1, 1, 1]));
    assert.throws(() => tf.node.decodeJpeg(png), /The bytes are no JPEG/);
    assert.throws(() => tf.node.decodeImage(new Uint8Array(9)), /no PNG, JPEG, GIF or BMP/);
    await assert.rejects(tf.node.encodePng(tf.zeros([1, 1, 2])), /not \[1, 1, 2\]/);
    await assert.rejects(tf.node.encodeJpeg(), /tf\.node\.encodePng/);
    assert.throws(() => tf.node.tensorBoard(), /csvLogger/);
  });

  it("opens a SavedModel", async () => {
    const folder = "test/fixtures/graph/keras2_mlp";
    const model = await tf.node.loadSavedModel(folder);
    assert.deepEqual((model.predict(tf.zeros([2, 4])) as plain.Tensor).shape, [2, 2]);
  });
});
