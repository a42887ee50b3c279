import { strict as assert } from "node:assert";
import * as tf from "@tensorflow/tfjs";
import { useBackend } from "../../../src/runtime/choose.js";
import { whyClassesAreOutside } from "../../../src/runtime/data-that-fits.js";

function images(): tf.LayersModel {
  const layers = [
    tf.layers.flatten({ inputShape: [4, 4, 1], name: "pixels" }),
    tf.layers.dense({ units: 3, activation: "softmax", name: "classes" }),
  ];
  return tf.sequential({ layers });
}

function compiled(loss: string): tf.LayersModel {
  const model = images();
  model.compile({ optimizer: "sgd", loss, metrics: ["accuracy"] });
  return model;
}

describe("data that does not fit a model", () => {
  before(() => useBackend("cpu"));

  it("a model called as a layer is told what it lacks, one around another by the outer", () => {
    const [left, right] = [tf.input({ shape: [3], name: "left" }), tf.input({ shape: [3], name: "right" })];
    const sum = tf.layers.add().apply([left, right]) as tf.SymbolicTensor;
    const outputs = tf.layers.dense({ units: 2 }).apply(sum) as tf.SymbolicTensor;
    const inner = tf.model({ inputs: [left, right], outputs, name: "inner" });
    assert.throws(
      () => inner.apply(tf.ones([2, 3])),
      /^ModelCallError: inner\.apply\(\) was given 1 tensor, /,
    );
    const unequal = [tf.ones([2, 3]), tf.ones([2, 4])];
    assert.throws(() => inner.apply(unequal), /"right", which takes \[samples, 3\]/);
    const whole = tf.input({ shape: [3], name: "whole" });
    const outer = tf.model({ inputs: whole, outputs: inner.apply([whole, whole]) as tf.SymbolicTensor });
    for (const call of [() => outer.apply(tf.ones([2, 5])), () => outer.predictOnBatch(tf.ones([2, 5]))])
      assert.throws(call, /"whole", which takes \[samples, 3\]/);
    assert.deepEqual((outer.apply(tf.ones([2, 3])) as tf.Tensor).shape, [2, 2]);
  });

  it("a layer called on an array says how a tensor is made of it", () => {
    const dense = tf.layers.dense({ units: 2, name: "dense" });
    for (const array of [[[1, 2]], ["a", "b"], [true], new Float32Array(2)])
      assert.throws(
        () => dense.apply(array as never),
        /^ModelCallError: dense\.apply\(\) takes tensors and was given an array: tf\.tensor\(array\)/,
      );
    assert.throws(() => images().predict(["a"] as never), /predict\(\) takes tensors and was given an array/);
    assert.deepEqual((dense.apply([tf.ones([3, 4])]) as tf.Tensor).shape, [3, 2]);
  });

  const CASES: readonly (readonly [number[], RegExp])[] = [
    [[4, 4, 1], /"pixels_input", which takes \[samples, 4, 4, 1\]\. It is one sample.*x\.expandDims\(0\)/],
    [[2, 4, 4], /\[2, 4, 4\] float32 .*The last axis is missing: x\.expandDims\(-1\)/],
    [[2, 1, 4, 4], /Its channels come first: x\.transpose\(\[0, 2, 3, 1\]\)/],
    [[2, 16], /x\.reshape\(\[-1, 4, 4, 1\]\)/],
    [[2, 8, 8, 1], /tf\.image\.resizeBilinear\(x, \[4, 4\]\)/],
    [[2, 7], /which takes \[samples, 4, 4, 1\]\.$/],
  ];
  for (const [shape, told] of CASES)
    it(`[${shape.join(", ")}] is named, with what the input takes`, async () => {
      const [model, x] = [compiled("categoricalCrossentropy"), tf.zeros(shape)];
      const y = tf.zeros([shape[0]!, 3]);
      for (const call of [() => model.predict(x), () => model.predictOnBatch(x), () => model.evaluate(x, y)])
        assert.throws(call, (error: Error) => error.name === "ModelCallError" && told.test(error.message));
      await assert.rejects(model.fit(x, y), told);
      await assert.rejects(model.trainOnBatch(x, y), told);
    });

  it("what each advice names is taken by the model", () => {
    const model = images();
    const given = [
      tf.zeros([4, 4, 1]).expandDims(0),
      tf.zeros([2, 4, 4]).expandDims(-1),
      tf.zeros([2, 1, 4, 4]).transpose([0, 2, 3, 1]),
      tf.zeros([2, 16]).reshape([-1, 4, 4, 1]),
      tf.image.resizeBilinear(tf.zeros<tf.Rank.R4>([2, 8, 8, 1]), [4, 4]),
    ];
    for (const x of given) assert.equal((model.predict(x) as tf.Tensor).shape[1], 3);
  });

  it("another number of inputs, and strings, are named", () => {
    const [model, x] = [images(), tf.zeros([2, 4, 4, 1])];
    assert.throws(() => model.predict([x, x]), /given 2 tensors, and the model has 1 input: "pixels_input"/);
    assert.throws(() => model.predict([]), /given 0 tensors/);
    assert.throws(() => model.predict(tf.fill([1, 4, 4, 1], "a" as never)), /string .* which takes numbers/);
  });

  it("a batchSize that is no count of samples is named", async () => {
    const [model, x, y] = [compiled("categoricalCrossentropy"), tf.zeros([2, 4, 4, 1]), tf.zeros([2, 3])];
    for (const batchSize of [0, -1, 2.5, NaN]) {
      const told = new RegExp(`takes a batchSize that is a whole number .* it was given ${batchSize}\\.`);
      assert.throws(() => model.predict(x, { batchSize }), told);
      assert.throws(() => model.evaluate(x, y, { batchSize }), told);
      await assert.rejects(model.fit(x, y, { batchSize }), told);
    }
    assert.deepEqual((model.predict(x, { batchSize: 1 }) as tf.Tensor).shape, [2, 3]);
  });

  it("a model that is not compiled is told so", async () => {
    const [model, x, y] = [images(), tf.zeros([2, 4, 4, 1]), tf.zeros([2, 3])];
    assert.throws(() => model.evaluate(x, y), /evaluate\(\) needs a model that is compiled.*model\.compile/);
    await assert.rejects(model.fit(x, y), /fit\(\) needs a model that is compiled/);
    await assert.rejects(model.trainOnBatch(x, y), /trainOnBatch\(\) needs/);
    const examples = tf.data.zip({ xs: tf.data.array([x]), ys: tf.data.array([y]) });
    await assert.rejects(model.fitDataset(examples, { epochs: 1 }), /fitDataset\(\) needs/);
  });

  it("labels of the other kind are named, with the call that makes them fit", async () => {
    const x = tf.zeros([2, 4, 4, 1]);
    const oneHot = compiled("categoricalCrossentropy");
    await assert.rejects(
      oneHot.fit(x, tf.tensor1d([0, 2])),
      /one-hot.*tf\.oneHot\(y\.flatten\(\)\.toInt\(\), 3\)/,
    );
    await oneHot.fit(x, tf.oneHot(tf.tensor1d([0, 2]).flatten().toInt(), 3), { verbose: 0 });
    const sparse = compiled("sparseCategoricalCrossentropy");
    await assert.rejects(
      sparse.fit(x, tf.ones([2, 3])),
      /takes the number of the class, \[samples\].*y\.argMax\(-1\)/,
    );
    await sparse.fit(x, tf.ones([2, 3]).argMax(-1), { verbose: 0 });
    await assert.rejects(oneHot.fit(x, tf.ones([2, 5])), /labels \[samples, 3\]/);
    await assert.rejects(oneHot.fit(x, tf.ones([3, 3])), /2 samples and labels \[3, 3\] float32 of 3/);
    await assert.rejects(oneHot.fit(x, undefined as never), /given no labels/);
    const validationData: [tf.Tensor, tf.Tensor] = [x, tf.ones([2])];
    await assert.rejects(
      oneHot.fit(x, tf.ones([2, 3]), { validationData }),
      /The validation of fit\(\) .*one-hot/,
    );
  });

  it("a class that there is not is refused: its loss would be 0", async () => {
    const [model, x] = [compiled("sparseCategoricalCrossentropy"), tf.zeros([2, 4, 4, 1])];
    await assert.rejects(model.fit(x, tf.tensor1d([0, 3])), /the label 3 .* its 3 classes are 0 to 2/);
    assert.throws(() => model.evaluate(x, tf.tensor1d([-1, 1])), /the label -1/);
    const ofAnotherAxis = tf.fill([2, 5], 7);
    assert.equal(whyClassesAreOutside(model, "fit()", ofAnotherAxis), null);
    const { history } = await model.fit(x, tf.tensor1d([0, 2]), { verbose: 0 });
    assert.ok(Math.abs((history["loss"]![0] as number) - Math.log(3)) < 0.2);
  });

  it("numbers of classes may be whole numbers, as in Keras", async () => {
    const x = tf.zeros([3, 4, 4, 1]);
    const loss = (y: tf.Tensor) =>
      (compiled("sparseCategoricalCrossentropy").evaluate(x, y) as tf.Scalar[])[0]!.dataSync()[0]!;
    assert.equal(loss(tf.tensor1d([0, 1, 2], "int32")), loss(tf.tensor1d([0, 1, 2])));
    await compiled("sparseCategoricalCrossentropy").fit(x, tf.tensor1d([0, 1, 2], "int32"), { verbose: 0 });
  });
});
