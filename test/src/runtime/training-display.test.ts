import { strict as assert } from "node:assert";
import * as tf from "@tensorflow/tfjs";
import { JUPYTER_DISPLAY, type Displayable, type MimeBundle } from "../../../src/display/bundle.js";
import { trainingChartBundle } from "../../../src/display/training/training-chart.js";
import { displayThrough } from "../../../src/runtime/cell-display.js";
import { useBackend } from "../../../src/runtime/choose.js";

const VEGA_LITE = "application/vnd.vegalite.v5+json";

/** What a notebook would show now, by display id, in the order in which it came. */
const shown = new Map<string, MimeBundle>();
const notes: string[] = [];
let updates = 0;

function outputs(): MimeBundle[] {
  return [...shown.values()];
}

function compiled(): { model: tf.LayersModel; x: tf.Tensor; y: tf.Tensor } {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [3] })] });
  model.compile({ loss: "meanSquaredError", optimizer: "sgd", metrics: ["mae"] });
  return { model, x: tf.ones([20, 3]), y: tf.ones([20, 1]) };
}

describe("training and predicting in a cell", () => {
  before(async () => {
    await useBackend("cpu");
    displayThrough({
      note: (line) => void notes.push(line),
      show: (id, bundle) => void shown.set(id, bundle),
      update(id, bundle) {
        assert.ok(shown.has(id));
        shown.set(id, bundle);
        updates++;
      },
    });
  });
  beforeEach(() => shown.clear());
  after(() => displayThrough({ note: () => undefined, show: () => undefined, update: () => undefined }));

  it("fit shows a bar and a chart with every epoch, and the user's callbacks run", async () => {
    const { model, x, y } = compiled();
    const seen: number[] = [];
    const callbacks = { onEpochEnd: async (epoch: number) => void seen.push(epoch) };
    const history = await model.fit(x, y, { epochs: 4, batchSize: 5, validationSplit: 0.25, callbacks });
    const own = (history as unknown as Displayable)[JUPYTER_DISPLAY]() as Record<string, string>;
    assert.match(own["text/plain"]!, /^History of 4 epochs: loss \S+ to \S+, val_loss [^{]*$/);
    assert.deepEqual(seen, [0, 1, 2, 3]);
    const [bar, chart, ...more] = outputs();
    assert.equal(more.length, 0);
    assert.match(
      String(bar!.data["text/plain"]),
      /^epoch 4 of 4 {2}loss \S+ {2}val_loss \S+ {2}mae \S+ {2}val_mae \S+: 100% .* 12\/12/,
    );
    const spec = chart!.data[VEGA_LITE] as { concat: { data: { values: object[] } }[] };
    assert.deepEqual(
      spec.concat.map(({ data }) => data.values.length),
      [8, 8],
    );
    assert.match(String(chart!.data["image/svg+xml"]), /^<svg [^]*<polyline/);
    assert.equal(String(chart!.data["text/plain"]).split("\n").length, 5);
  });

  it("the chart tells validation from training without colour", async () => {
    const { model, x, y } = compiled();
    await model.fit(x, y, { epochs: 2, validationSplit: 0.25 });
    const svg = String(outputs()[1]!.data["image/svg+xml"]);
    assert.deepEqual([...svg.matchAll(/stroke-dasharray="([^"]+)"/g)].map(([, dash]) => dash).slice(0, 2), [
      "1 0",
      "5 3",
    ]);
    assert.equal(svg.match(/<circle/g)?.length, 4);
    assert.match(svg, /role="img" aria-label="loss, mae by epoch"/);
    assert.match(svg, />1<[^]*>epoch 2</);
  });

  it("a training of many epochs updates the chart now and then only", async () => {
    const { model, x, y } = compiled();
    updates = 0;
    await model.fit(x, y, { epochs: 200, batchSize: 20 });
    assert.ok(updates < 150, `${updates} updates`);
    assert.match(String(outputs()[0]!.data["text/plain"]), /epoch 200 of 200/);
  });

  it("shows nothing with verbose: 0", async () => {
    const { model, x, y } = compiled();
    await model.fit(x, y, { epochs: 3, verbose: 0 });
    assert.deepEqual(outputs(), []);
  });

  it("a training that is stopped, or fails, says where it stood", async () => {
    const { model, x, y } = compiled();
    const callbacks = { onEpochEnd: async (epoch: number) => void (model.stopTraining = epoch === 2) };
    await model.fit(x, y, { epochs: 9, callbacks });
    assert.match(String(outputs()[0]!.data["text/plain"]), /^epoch 3 of 9 .*stopped\]$/);
    shown.clear();
    const failing = { onEpochEnd: () => Promise.reject(new Error("of the user")) };
    await assert.rejects(model.fit(x, y, { epochs: 9, callbacks: failing }), /of the user/);
    assert.match(String(outputs()[0]!.data["text/plain"]), /stopped\]$/);
    shown.clear();
    const late = {
      onEpochEnd: async (epoch: number) => {
        if (epoch === 2) throw new Error("of the user");
      },
    };
    await assert.rejects(model.fit(x, y, { epochs: 9, callbacks: late }), /of the user/);
    // Also what the epoch ended with in which the user's function failed.
    assert.match(String(outputs()[1]!.data["text/plain"]), /^ +3 [^\n]*$/m);
  });

  it("a training that is refused gives its own reason, and shows nothing", async () => {
    const { model, x, y } = compiled();
    const weighted = { epochs: 2, sampleWeight: tf.ones([20]) } as unknown as tf.ModelFitArgs;
    await assert.rejects(model.fit(x, y, weighted), /sample weight/i);
    await assert.rejects(model.fit(x, tf.ones([3, 1])), /20 samples and labels \[3, 1\]/);
    assert.deepEqual(outputs(), []);
    await model.fit(x, y, { epochs: 1 });
  });

  it("data that is no tensor, or was disposed, is named", async () => {
    const { model, x, y } = compiled();
    await assert.rejects(model.fit([[1, 2, 3]] as never, y), /fit\(\) takes tensors and was given an array/);
    await assert.rejects(model.fit(x, new Float32Array(20) as never), /given an array: tf\.tensor/);
    assert.throws(() => model.predict([1, 2, 3] as never), /predict\(\) takes tensors/);
    x.dispose();
    assert.throws(() => model.predict(x), /predict\(\) was given a tensor \[20,3\] float32 that is disposed/);
    assert.throws(() => model.evaluate([x], y), /evaluate\(\) was given a tensor/);
  });

  it("predict of no samples gives none, in the shape of its results; data by names is put in order", () => {
    const { model } = compiled();
    assert.deepEqual((model.predict(tf.zeros([0, 3])) as tf.Tensor).shape, [0, 1]);
    assert.deepEqual((model.predictOnBatch(tf.zeros([0, 3])) as tf.Tensor).shape, [0, 1]);
    const [a, b] = [tf.input({ shape: [2], name: "a" }), tf.input({ shape: [1], name: "b" })];
    const joined = tf.layers.concatenate().apply([a, b]) as tf.SymbolicTensor;
    const passed = tf.layers.activation({ activation: "linear" }).apply(b) as tf.SymbolicTensor;
    const two = tf.model({ inputs: [a, b], outputs: [joined, passed] });
    assert.deepEqual(
      (two.predict([tf.zeros([0, 2]), tf.zeros([0, 1])]) as tf.Tensor[]).map(({ shape }) => shape),
      [
        [0, 3],
        [0, 1],
      ],
    );
    const named = { b: tf.tensor2d([[3]]), a: tf.tensor2d([[1, 2]]) };
    const [y] = two.predict(named as never) as tf.Tensor[];
    assert.deepEqual([...y!.dataSync()], [1, 2, 3]);
    assert.throws(() => two.predict({ b: named.b } as never), /no tensor for the input "a", only for "b"/);
    assert.throws(
      () => two.predict([tf.ones([2, 2]), tf.ones([3, 1])]),
      /other numbers of samples for each input: 2 for "a", 3 for "b"/,
    );
    assert.throws(
      () => model.predict(undefined as never),
      /predict\(\) takes tensors and was given undefined/,
    );
    assert.throws(() => model.predict(tf.data.array([1]) as never), /was given a dataset/);
  });

  it("a loss that is NaN is told, also where nothing else is shown", async () => {
    const { model, x, y } = compiled();
    notes.length = 0;
    await model.fit(x, y, { epochs: 2, verbose: 0 });
    assert.deepEqual(notes, []);
    await model.fit(tf.fill([20, 3], NaN), y, { epochs: 2, verbose: 0 });
    assert.match(notes.join(), /fit\(\): the loss is NaN in epoch 1.*isNaN/);
  });

  it("a split that leaves no samples is refused; validation data without samples validates nothing", async () => {
    const { model, x, y } = compiled();
    for (const [validationSplit, why] of [
      [0.99, "none is left to train on"],
      [1, "none is left to train on"],
      [-1, "it is the part, between 0 and 1"],
    ] as const)
      await assert.rejects(
        model.fit(tf.ones([2, 3]), tf.ones([2, 1]), { validationSplit }),
        new RegExp(`cannot split 2 samples by validationSplit ${validationSplit}: ${why}`),
      );
    const validationData: [tf.Tensor, tf.Tensor] = [tf.zeros([0, 3]), tf.zeros([0, 1])];
    const { history } = await model.fit(x, y, { epochs: 1, validationData });
    assert.deepEqual(Object.keys(history), ["loss", "mae"]);
  });

  it("a metric without numbers, and a thousand epochs, are drawn as they are", () => {
    const epochs = Array.from({ length: 3000 }, (_, i) => ({
      epoch: i + 1,
      logs: { loss: i < 2 ? 5 - i : NaN, acc: i === 1500 ? 9 : 0.5, none: NaN, flat: 0.25 },
    }));
    const { data } = trainingChartBundle(epochs);
    const spec = data[VEGA_LITE] as { concat: { data: { values: { epoch: number; value: number }[] } }[] };
    const acc = spec.concat[1]!.data.values;
    assert.ok(acc.length < 700, `${acc.length} points`);
    assert.deepEqual([acc[0]!.epoch, acc.at(-1)!.epoch], [1, 3000]);
    assert.ok(acc.some(({ epoch, value }) => epoch === 1501 && value === 9));
    const svg = String(data["image/svg+xml"]);
    assert.match(svg, />loss, NaN from epoch 3</);
    assert.match(svg, />none, NaN from epoch 1</);
    assert.equal(svg.match(/>epoch 3000</g)?.length, 4);
    assert.match(svg, />0.25</);
    assert.doesNotMatch(svg, />0.75</);
    assert.ok(JSON.stringify(data).length < 200_000);
  });

  it("predict on many samples shows a bar when it takes long, and gives them all in order", () => {
    class Slow extends tf.layers.Layer {
      static readonly className = "Slow";
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        const end = performance.now() + 300;
        while (performance.now() < end);
        return tf.mul([inputs].flat()[0]!, 2);
      }
    }
    const model = tf.sequential({ layers: [new Slow({ batchInputShape: [null, 1] })] });
    const x = tf.range(0, 50).reshape([50, 1]);
    const y = model.predict(x, { batchSize: 8 }) as tf.Tensor;
    assert.deepEqual(
      [...y.dataSync()],
      Array.from({ length: 50 }, (_, i) => 2 * i),
    );
    const [bar] = outputs();
    assert.match(String(bar!.data["text/plain"]), /^predict: 100% .* 50\/50/);
    shown.clear();
    model.predict(x, { batchSize: 50 });
    assert.deepEqual(outputs(), []);
    assert.throws(() => {
      let batches = 0;
      model.layers[0]!.call = (inputs) => {
        if (++batches === 6) throw new Error("of the sixth batch");
        return Slow.prototype.call(inputs);
      };
      model.predict(x, { batchSize: 8 });
    }, /of the sixth batch/);
    assert.match(String(outputs()[0]!.data["text/plain"]), /^predict: 80% .* 40\/50 .*stopped\]$/);
  });
});
