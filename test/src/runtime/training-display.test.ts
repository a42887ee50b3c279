import { strict as assert } from "node:assert";
import * as tf from "@tensorflow/tfjs";
import { JUPYTER_DISPLAY, type Displayable, type MimeBundle } from "../../../src/display/bundle.js";
import { displayThrough } from "../../../src/runtime/cell-display.js";
import { useBackend } from "../../../src/runtime/choose.js";

const VEGA_LITE = "application/vnd.vegalite.v5+json";

/** What a notebook would show now, by display id, in the order in which it came. */
const shown = new Map<string, MimeBundle>();
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
      note: () => undefined,
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
  });

  it("a training that is refused gives its own reason, and shows nothing", async () => {
    const { model, x, y } = compiled();
    const weighted = { epochs: 2, sampleWeight: tf.ones([20]) } as unknown as tf.ModelFitArgs;
    await assert.rejects(model.fit(x, y, weighted), /sample weight/i);
    await assert.rejects(model.fit(x, tf.ones([3, 1])), /same number of samples/);
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
  });
});
