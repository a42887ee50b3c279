import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { DataType } from "../../../src/formats/proto/tensorflow_pb.js";
import type { TensorSpec } from "../../../src/graph/signature.js";
import type { Running } from "../../../src/layers/computed-layer.js";
import { loadModel, openModel, openModelFile, saveModel, tf } from "../../../src/index.js";
import { outsideInputs } from "../../../src/loading/graph-rung/outside-inputs.js";
import { assertClose } from "./cases/case.js";
import { GRAPHS } from "./cases/graph-reference.js";
import { dense, functional, layer, stored, type MadeLayer, type Parts } from "./cases/parts.js";
import { writeHdf5 } from "./cases/write.js";

const INSIDE = {
  "dense/kernel": [4, 5],
  "dense/bias": [5],
  "layer_normalization/gamma": [5],
  "layer_normalization/beta": [5],
  "dense_1/kernel": [5, 3],
  "dense_1/bias": [3],
};

describe("a SavedModel in a layer's place", () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "outside-"))));
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  const withHub = (hub: MadeLayer) =>
    functional(
      2,
      { x: [null, 6] },
      [
        [dense("first", 6, 4), "x"],
        [hub, "first"],
        [dense("last", 3, 2), "hub"],
      ],
      ["last"],
    );

  /** What export_dense computes, as layers of its own, with the weights that the file has for it. */
  const asLayers = (parts: Parts): Parts => {
    const chain = functional(
      2,
      { x: [null, 6] },
      [
        [dense("first", 6, 4), "x"],
        [dense("dense", 4, 5, { activation: "gelu" }), "first"],
        [
          layer(
            "LayerNormalization",
            "layer_normalization",
            { axis: [1], epsilon: 0.001 },
            { gamma: [5], beta: [5] },
          ),
          "dense",
        ],
        [dense("dense_1", 5, 3, { activation: "softmax" }), "layer_normalization"],
        [dense("last", 3, 2), "dense_1"],
      ],
      ["last"],
    );
    for (const name of ["first", "last"]) stored(chain, name).weights = stored(parts, name).weights;
    const held = stored(parts, "hub").weights;
    for (const name of ["dense", "layer_normalization", "dense_1"])
      for (const weight of stored(chain, name).weights)
        weight.values = held.find((one) => one.name === `hub/${weight.name}`)!.values;
    return chain;
  };

  it("runs with the weights that the file has for the layer, not with its own", async () => {
    const parts = withHub(layer("KerasLayer", "hub", { handle: "gone" }, INSIDE));
    const session = await openModel(await writeHdf5(path.join(folder, "model.h5"), parts));
    await session.fix(1, "saved-model", `${GRAPHS}/export_dense`);
    const x = tf.randomNormal([3, 6], 0, 1, "float32", 1);
    const wanted = await loadModel(await writeHdf5(path.join(folder, "whole.h5"), asLayers(parts)));
    await assertClose(session.finished().predict(x) as tf.Tensor, wanted.predict(x) as tf.Tensor);
    const told = session.settled.find(({ code }) => code === "C10")!;
    assert.equal(told.applied!.fidelity, "exact");
    assert.match(told.applied!.title, /with the weights that this file has/);
  });

  for (const ending of ["keras", "h5"])
    it(`is saved as .${ending} with the weights that it ran with`, async () => {
      const parts = withHub(layer("KerasLayer", "hub", { handle: "gone" }, INSIDE));
      const session = await openModel(await writeHdf5(path.join(folder, "model.h5"), parts));
      await session.fix(1, "saved-model", `${GRAPHS}/export_dense`);
      const model = session.finished();
      const { notes } = await saveModel(model, path.join(folder, `saved.${ending}`));
      assert.doesNotMatch(notes.join("\n"), /Not in it: the weights/);
      const again = await openModel(path.join(folder, `saved.${ending}`));
      await again.fix(1, "saved-model", `${GRAPHS}/export_dense`);
      const x = tf.randomNormal([3, 6], 0, 1, "float32", 1);
      if (ending === "keras") assert.match(notes.join("\n"), /does not name the weights of hub/);
      else await assertClose(again.finished().predict(x) as tf.Tensor, model.predict(x) as tf.Tensor);
      const layers = (await openModelFile(path.join(folder, `saved.${ending}`))).layers;
      assert.deepEqual(
        layers.find(({ name }) => name === "hub")?.weights.map(({ shape }) => shape),
        Object.values(INSIDE),
      );
    });

  it("is saved with a sentence on the weights that only the SavedModel has", async () => {
    const parts = withHub(layer("KerasLayer", "hub", { handle: "gone" }, {}));
    const session = await openModel(await writeHdf5(path.join(folder, "model.h5"), parts));
    await session.fix(1, "saved-model", `${GRAPHS}/export_dense`);
    const { notes } = await saveModel(session.finished(), path.join(folder, "saved.h5"));
    assert.match(
      notes.join("\n"),
      /Not in it: the weights of hub, which runs a SavedModel with weights of its own/,
    );
  });

  it("says that its own weights run where the file's do not fit, and is not exact then", async () => {
    const parts = withHub(
      layer("KerasLayer", "hub", { handle: "gone" }, { ...INSIDE, "dense/kernel": [4, 6] }),
    );
    const session = await openModel(await writeHdf5(path.join(folder, "model.h5"), parts));
    await session.fix(1, "saved-model", `${GRAPHS}/export_dense`);
    assert.equal(session.state, "loaded");
    const told = session.settled.find(({ code }) => code === "C10")!;
    assert.equal(told.applied!.fidelity, "approximate");
    assert.match(told.applied!.title, /SavedModel's own weights/);
  });
});

describe("a SavedModel of the whole model in a layer's place", () => {
  const NAME = "keras2_custom_layer";
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "outside-whole-"));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  /** The model of the SavedModel as a file of its own, its unknown layer with weights of other shapes or of its own. */
  const file = async (weights: Record<string, number[]>) => {
    const parts = functional(
      2,
      { x: [null, 4] },
      [
        [dense("stem", 4, 4), "x"],
        [layer("TFScaledModel", "scaled", {}, weights), "stem"],
        [dense("head", 4, 2), "scaled"],
      ],
      ["head"],
    );
    return openModel(await writeHdf5(path.join(folder, `${Object.keys(weights).length}.h5`), parts));
  };

  for (const [what, weights, fidelity] of [
    ["the file's weights", { scale: [4] }, "exact"],
    ["its own weights where the file's do not fit, which is said", { a: [2], b: [2] }, "approximate"],
  ] as const)
    it(`runs the layer's own function with ${what}`, async () => {
      const session = await file(weights as unknown as Record<string, number[]>);
      await session.fix(1, "saved-model", `${GRAPHS}/${NAME}`);
      const told = session.settled.find(({ subject }) => subject === "TFScaledModel")!;
      assert.equal(told.applied!.fidelity, fidelity);
      const model = session.finished();
      assert.deepEqual((model.predict(tf.ones([3, 4])) as tf.Tensor).shape, [3, 2]);
      const [scaled] = (await openModel(`${GRAPHS}/${NAME}`)).finished().getLayer("scaled").getWeights();
      const own = model.getLayer("scaled").apply(tf.ones([1, 4])) as tf.Tensor;
      const ofSavedModel = tf.mul(tf.sin(tf.ones([1, 4])), scaled!);
      const apart = tf.max(tf.abs(tf.sub(own, ofSavedModel))).dataSync()[0]!;
      assert.ok(fidelity === "exact" ? apart > 1e-3 : apart < 1e-6, String(apart));
    });
});

describe("the inputs of a SavedModel in a layer's place", () => {
  const spec = (name: string): TensorSpec => ({
    name,
    dtype: "int32",
    shape: null,
    tensor: `${name}:0`,
    type: DataType.DT_INT32,
  });
  const called = (call: Pick<Running, "args" | "named">): Running => ({
    weights: [],
    variables: [],
    training: false,
    ...call,
  });
  const bert = ["attention_mask", "input_ids", "token_type_ids"].map(spec);
  const given = (name: string, inputs: ReturnType<typeof outsideInputs>) =>
    Array.from((inputs as Record<string, tf.Tensor>)[name]!.dataSync());

  it("are those of a Transformers call: the first is input_ids, others go by name, defaults are filled in", () => {
    const ids = tf.tensor2d([[7, 8, 9]], [1, 3], "int32");
    const mask = tf.tensor2d([[1, 1, 0]], [1, 3], "int32");
    const named = outsideInputs(bert, called({ args: [ids], named: { attention_mask: mask } }));
    assert.deepEqual(given("input_ids", named), [7, 8, 9]);
    assert.deepEqual(given("attention_mask", named), [1, 1, 0]);
    assert.deepEqual(given("token_type_ids", named), [0, 0, 0]);
    const alone = outsideInputs(bert, called({ args: [ids], named: {} }));
    assert.deepEqual(given("attention_mask", alone), [1, 1, 1]);
    const dictionary = outsideInputs(
      bert,
      called({ args: [{ input_ids: ids, attention_mask: mask }], named: {} }),
    );
    assert.deepEqual(given("attention_mask", dictionary), [1, 1, 0]);
  });

  it("of other models go in order, and nothing is made up", () => {
    const [a, b] = [tf.tensor1d([1]), tf.tensor1d([2])];
    const inputs = outsideInputs(["left", "right"].map(spec), called({ args: [[a, b]], named: {} }));
    assert.deepEqual(given("right", inputs), [2]);
    assert.deepEqual(
      Object.keys(outsideInputs(["left", "right"].map(spec), called({ args: [a], named: {} }))),
      ["left"],
    );
  });
});
