import assert from "node:assert/strict";
import { layers, tf } from "../../../src/index.js";
import { correctGradients } from "../../../src/runtime/corrections/gradients/index.js";
import { startOn } from "../keras/start-on.js";

type Make = () => tf.LayersModel;

function chain(...list: tf.layers.Layer[]): tf.LayersModel {
  const model = tf.sequential();
  for (const layer of list) model.add(layer);
  return model;
}

/** Calls a layer on symbolic tensors. */
function on(layer: tf.layers.Layer, ...inputs: tf.SymbolicTensor[]): tf.SymbolicTensor {
  return layer.apply(inputs.length === 1 ? inputs[0]! : inputs) as tf.SymbolicTensor;
}

/** Small models of every kind of layer, put together by hand; each ends in one number. */
const MODELS: Readonly<Record<string, Make>> = {
  "a sequence by LSTM": () =>
    chain(layers.lstm({ units: 4, inputShape: [5, 3] }), layers.dense({ units: 1 })),
  "GRU in both directions": () =>
    chain(
      layers.bidirectional({ layer: layers.gru({ units: 3, returnSequences: true }), inputShape: [5, 3] }),
      layers.globalAveragePooling1D({}),
      layers.dense({ units: 1 }),
    ),
  "stacked cells": () =>
    chain(
      layers.rnn({ cell: [layers.lstmCell({ units: 3 }), layers.gruCell({ units: 2 })], inputShape: [5, 3] }),
      layers.dense({ units: 1 }),
    ),
  "a transformer block": () => {
    const x = tf.input({ shape: [6, 4] });
    const attended = on(layers.multiHeadAttention({ numHeads: 2, keyDim: 3 }), x, x);
    const y = on(layers.layerNormalization({}), on(layers.add(), x, attended));
    const pooled = on(layers.globalAveragePooling1D({}), y);
    return tf.model({ inputs: x, outputs: on(layers.dense({ units: 1 }), pooled) });
  },
  "grouped attention with RMS": () => {
    const x = tf.input({ shape: [6, 4] });
    const y = on(layers.groupQueryAttention({ headDim: 2, numQueryHeads: 4, numKeyValueHeads: 2 }), x, x);
    const z = on(layers.flatten({}), on(layers.rmsNormalization({}), y));
    return tf.model({ inputs: x, outputs: on(layers.dense({ units: 1 }), z) });
  },
  "a causal convolution": () =>
    chain(
      layers.conv1D({ filters: 4, kernelSize: 2, padding: "causal", activation: "silu", inputShape: [8, 2] }),
      layers.globalMaxPooling1D({}),
      layers.dense({ units: 1 }),
    ),
  "grouped and separable convolutions": () =>
    chain(
      layers.conv2D({ filters: 4, kernelSize: 3, groups: 2, inputShape: [7, 7, 2], kernelRegularizer: "l2" }),
      layers.batchNormalization({}),
      layers.separableConv2D({ filters: 3, kernelSize: 2, activation: "gelu" }),
      layers.flatten({}),
      layers.dense({ units: 1 }),
    ),
  "depthwise with channels first": () =>
    chain(
      layers.depthwiseConv2D({ kernelSize: 2, dataFormat: "channels_first", inputShape: [3, 6, 6] }),
      layers.groupNormalization({ groups: 3, axis: 1 }),
      layers.flatten({}),
      layers.dense({ units: 1 }),
    ),
  "a transposed convolution": () =>
    chain(
      layers.conv2DTranspose({ filters: 2, kernelSize: 2, strides: 2, inputShape: [3, 3, 2] }),
      layers.spatialDropout2D({ rate: 0.2 }),
      layers.globalAveragePooling2D({}),
      layers.dense({ units: 1 }),
    ),
  "a recurrence of convolutions": () =>
    chain(
      layers.convLSTM2D({ filters: 2, kernelSize: 2, inputShape: [3, 5, 5, 1] }),
      layers.flatten({}),
      layers.dense({ units: 1 }),
    ),
  "einsum and spectral normalisation": () =>
    chain(
      layers.einsumDense({ equation: "ab,bc->ac", outputShape: 5, biasAxes: "c", inputShape: [4] }),
      layers.spectralNormalization({ layer: layers.dense({ units: 3 }) }),
      layers.leakyReLU({ negativeSlope: 0.1 }),
      layers.dense({ units: 1, kernelInitializer: "he_normal" }),
    ),
  "each step by itself": () =>
    chain(
      layers.timeDistributed({ layer: layers.dense({ units: 3, activation: "tanh" }), inputShape: [4, 2] }),
      layers.simpleRNN({ units: 3, dropout: 0.1, recurrentDropout: 0.1 }),
      layers.dense({ units: 1 }),
    ),
};

describe("layers made by hand", () => {
  before(async () => {
    await startOn("cpu");
    correctGradients();
  });

  for (const [name, make] of Object.entries(MODELS)) {
    it(`${name}: fit brings the loss down`, async () => {
      const model = make();
      const shape = model.inputs[0]!.shape.slice(1) as number[];
      const x = tf.randomNormal([24, ...shape], 0, 1, "float32", 7);
      const y = tf.tidy(() => tf.mean(tf.reshape(x, [24, -1]), 1, true));
      model.compile({ optimizer: tf.train.adam(0.02), loss: "meanSquaredError" });
      const { history } = await model.fit(x, y, { epochs: 15, batchSize: 8, shuffle: false, verbose: 0 });
      const losses = history["loss"] as number[];
      assert.ok(losses.at(-1)! < losses[0]!, losses.join());
      assert.deepEqual((model.predict(x) as tf.Tensor).shape, [24, 1]);
    }).timeout(20000);
  }

  it("an embedding takes words, and training moves it", async () => {
    const embedding = layers.embedding({ inputDim: 9, outputDim: 4, inputShape: [5] });
    const model = chain(embedding, layers.globalAveragePooling1D({}), layers.dense({ units: 1 }));
    const before = embedding.weights[0]!.read().dataSync().slice();
    model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    await model.fit(tf.ones([4, 5]), tf.ones([4, 1]), { epochs: 1, verbose: 0 });
    const after = embedding.weights[0]!.read().dataSync();
    assert.notDeepEqual(after.slice(4, 8), before.slice(4, 8));
    assert.deepEqual(after.slice(8), before.slice(8));
  });

  it("start as their arguments say, and pay for their weights as their regularizers say", () => {
    const lstm = layers.lstm({ units: 2, recurrentInitializer: "ones" });
    chain(Object.assign(lstm, { batchInputShape: [null, 3, 1] }));
    assert.deepEqual(Array.from(lstm.weights[1]!.read().dataSync()), Array(16).fill(1));
    assert.deepEqual(Array.from(lstm.weights[2]!.read().dataSync()), [0, 0, 1, 1, 0, 0, 0, 0]);
    const conv = layers.conv2D({
      filters: 1,
      kernelSize: 2,
      kernelInitializer: "ones",
      kernelRegularizer: { class_name: "L2", config: { l2: 0.5 } },
      inputShape: [3, 3, 1],
    });
    chain(conv);
    const loss = conv.losses.map((term) => (term as unknown as () => tf.Scalar)().dataSync()[0]);
    assert.deepEqual(loss, [2]);
  });

  it("take initializers and their kin by name, with a config or as objects, and refuse what is none", () => {
    const dense = layers.dense({
      units: 2,
      kernelInitializer: tf.initializers.constant({ value: 3 }) as never,
      kernelRegularizer: tf.regularizers.l2({ l2: 0.5 }) as never,
      inputShape: [2],
    });
    chain(dense);
    assert.deepEqual(Array.from(dense.weights[0]!.read().dataSync()), [3, 3, 3, 3]);
    const loss = dense.losses.map((term) => (term as unknown as () => tf.Scalar)().dataSync()[0]);
    assert.deepEqual(loss, [18]);
    for (const key of ["kernelInitializer", "biasRegularizer", "kernelConstraint"])
      for (const value of ["banana", 0, [], {}, NaN, true])
        assert.throws(
          () => layers.dense({ units: 2, [key]: value } as never),
          (error: Error) => error.name === "LayerError" && error.message.includes(`layers.dense: ${key} = `),
        );
  });

  it("leave no samples as they are, of the shape that samples have", () => {
    const none = tf.zeros([0, 3, 4, 2]);
    assert.deepEqual((layers.flatten({}).apply(none) as tf.Tensor).shape, [0, 24]);
    assert.deepEqual(
      (layers.reshape({ targetShape: [2, -1, 3] }).apply(none) as tf.Tensor).shape,
      [0, 2, 4, 3],
    );
  });

  it("dropout works in training alone", () => {
    const model = chain(layers.dropout({ rate: 0.5, inputShape: [100] }));
    const x = tf.ones([1, 100]);
    assert.deepEqual((model.predict(x) as tf.Tensor).dataSync(), x.dataSync());
    const trained = model.apply(x, { training: true }) as tf.Tensor;
    assert.ok(Array.from(trained.dataSync()).includes(0));
  });

  it("what random erasing paints stays within the range of values, noise and colours alike", () => {
    // Whether one of them is erased is chance.
    const x = tf.fill([64, 8, 8, 3], 0.5);
    for (const fillValue of [undefined, 7, [7, -2, 0.25]]) {
      const paint = {
        valueRange: [0, 1],
        scale: [0.5, 0.6],
        ...(fillValue === undefined ? {} : { fillValue }),
      };
      const model = chain(layers.randomErasing({ ...paint, inputShape: [8, 8, 3] }));
      const y = (model.apply(x, { training: true }) as tf.Tensor).dataSync();
      assert.ok(y.some((value) => value !== 0.5));
      assert.ok(
        y.every((value) => value >= 0 && value <= 1),
        `${Math.min(...y)} to ${Math.max(...y)}`,
      );
    }
  });

  it("an argument that a layer does not have is named, with what is near", () => {
    const wrong = { numHead: 2, keyDim: 3 } as never;
    assert.throws(() => layers.multiHeadAttention(wrong), /no argument numHead\. Near it: numHeads/);
    assert.throws(() => layers.dense({ units: -1 }), /units = -1.*integer of at least 1/s);
    assert.throws(() => layers.conv2D({ filters: 2, kernelSize: 3, dataFormat: "first" }), /data_format/);
  });

  it("calls take named arguments, for numbers and for a model cut out of another, and name those they do not take", () => {
    const [x, h, c] = [
      [2, 3, 5],
      [2, 4],
      [2, 4],
    ].map((shape) => tf.randomNormal(shape)) as [...[tf.Tensor, tf.Tensor, tf.Tensor]];
    const lstm = layers.lstm({ units: 4 });
    const plain = lstm.apply(x) as tf.Tensor;
    const expected = lstm.apply([x, h, c]) as tf.Tensor;
    const named = lstm.apply(x, { initialState: [h, c] }) as tf.Tensor;
    assert.deepEqual(named.arraySync(), expected.arraySync());
    assert.notDeepEqual(named.arraySync(), plain.arraySync());
    const [steps, ...states] = [[3, 5], [4], [4]].map((shape) => tf.input({ shape }));
    const outputs = lstm.apply(steps!, { initialState: states }) as tf.SymbolicTensor;
    const model = tf.model({ inputs: [steps!, ...states], outputs });
    assert.deepEqual((model.predict([x, h, c]) as tf.Tensor).arraySync(), expected.arraySync());
    // A causal attention of the first steps knows nothing of the last.
    const attention = layers.multiHeadAttention({ numHeads: 2, keyDim: 3 });
    const seen = attention.apply([x, x], { useCausalMask: true }) as tf.Tensor;
    const first = tf.slice(x, [0, 0, 0], [2, 1, 5]);
    const alone = attention.apply([first, first]) as tf.Tensor;
    const gap = tf.max(tf.abs(tf.sub(tf.slice(seen, [0, 0, 0], [2, 1, 5]), alone))).dataSync()[0]!;
    assert.ok(gap < 1e-6, `${gap}`);
    assert.throws(
      () => lstm.apply(x, { state: [h, c] }),
      /has no argument state. It takes mask, initialState/,
    );
  });
});
