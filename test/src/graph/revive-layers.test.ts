import assert from "node:assert/strict";
import path from "node:path";
import * as tf from "@tensorflow/tfjs";
import { openModel } from "../../../src/loading/open.js";
import { sharedFile, sharedModels } from "../formats/shared-models.js";
import { FIXTURES, readReference, type ReferenceTensor } from "./reference.js";

describe("graph: the ladder of a SavedModel", function () {
  this.timeout(60_000);
  before(() => tf.setBackend("cpu"));

  for (const name of ["keras2_mlp", "keras2_functional", "keras2_lstm"]) {
    it(`${name}: Keras's metadata is rebuilt into layers, the checkpoint bound`, async () => {
      const session = await openModel(path.join(FIXTURES, name));
      assert.equal(session.rung, "layers");
      compare(session.model!.predict(inputOf(name)) as tf.Tensor, name);
    });
  }

  it("a class that nobody knows runs by the function that was saved with it, its weights bound", async () => {
    const session = await openModel(path.join(FIXTURES, "keras2_custom_layer"));
    assert.equal(session.rung, "layers");
    const layer = session.model!.getLayer("scaled");
    assert.equal(layer.getClassName(), "Scaled");
    assert.equal(layer.countParams(), 4);
    compare(session.model!.predict(inputOf("keras2_custom_layer")) as tf.Tensor, "keras2_custom_layer");
    // The function takes the layer's own variables: other weights give another result.
    const before = (session.model!.predict(inputOf("keras2_custom_layer")) as tf.Tensor).dataSync();
    layer.setWeights([tf.zeros([4])]);
    const after = (session.model!.predict(inputOf("keras2_custom_layer")) as tf.Tensor).dataSync();
    assert.notDeepEqual([...before], [...after]);
  });

  it("a layer that was called by names and by dicts gets each tensor in its argument", async () => {
    const name = "keras2_named_calls";
    const { model, rung } = await openModel(path.join(FIXTURES, name));
    assert.equal(rung, "layers");
    const { inputs } = readReference(name);
    const given = model!.inputNames.map((input) => {
      const { values, shape, dtype } = inputs[input]!;
      return tf.tensor(values as number[], [...shape], dtype);
    });
    compare(model!.predict(given) as tf.Tensor, name);
  });

  for (const [name, layer] of [
    ["keras2_lookalikes", "softmax"],
    ["keras2_lookalike_weights", "dropout"],
  ] as const) {
    it(`${name}: a class that is only called as one of Keras's runs by its saved function`, async () => {
      const session = await openModel(path.join(FIXTURES, name));
      assert.equal(session.rung, "layers");
      const said = session.settled.filter(({ code }) => code === "C24");
      assert.deepEqual(
        said.map(({ subject, applied }) => [subject, applied?.id]),
        [[layer, "saved-function"]],
      );
      compare(session.model!.predict(inputOf(name)) as tf.Tensor, name);
    });
  }

  for (const [name, classes] of [
    ["keras2_wired_backbone", ["InputLayer", "Model", "TensorFlowOperations", "Dense"]],
    ["keras2_wired_pair", ["InputLayer", "Model", "TensorFlowOperations"]],
    ["keras2_cells", ["InputLayer", "RNN", "Bidirectional"]],
    ["keras2_masked_custom", ["InputLayer", "Embedding", "Mask", "MaskedMean", "Named", "Dense"]],
  ] as const) {
    it(`${name}: every layer stands, with Keras's numbers`, async () => {
      const session = await openModel(path.join(FIXTURES, name));
      assert.equal(session.rung, "layers");
      assert.deepEqual(
        session.model!.layers.map((layer) => layer.getClassName()),
        classes,
      );
      compare(session.model!.predict(inputOf(name)) as tf.Tensor, name);
    });
  }

  it("a stateful layer is none of a custom class: the graph goes on from the state that was saved", async () => {
    const name = "keras2_stateful";
    const session = await openModel(path.join(FIXTURES, name));
    assert.equal(session.rung, "graph");
    assert.ok(session.settled.every(({ code }) => code !== "C24"));
    assert.ok(session.settled.some(({ found }) => /goes on from the saved state of gru/.test(found)));
    compare(session.graph!.predict(inputOf(name)) as tf.Tensor, name);
  });

  it("vocabularies come from the tables of the saved graph, with the weights of tf_idf", async () => {
    const name = "keras2_vocabulary";
    const session = await openModel(path.join(FIXTURES, name));
    assert.equal(session.rung, "layers");
    const model = session.model!;
    const inputs = model.inputNames.map((input) => {
      const { values, shape, dtype } = readReference(name).inputs[input]!;
      return tf.tensor(values as number[], [...shape], dtype === "string" ? "string" : "int32");
    });
    compare(model.predict(inputs) as tf.Tensor, name);
  });

  it("E11: lambdas, op layers and an unknown normalization of a public model become layers", async function () {
    if (sharedModels() === null) {
      console.log("    skipped: ../shared/models is not there");
      this.skip();
    }
    const session = await openModel(sharedFile("E11"));
    assert.equal(session.rung, "layers");
    assert.equal(session.model!.countParams(), 987_267);
  });
});

function inputOf(name: string): tf.Tensor {
  const [input] = Object.values(readReference(name).inputs) as [ReferenceTensor];
  return tf.tensor(input.values as number[], [...input.shape], input.dtype);
}

function compare(actual: tf.Tensor, name: string): void {
  const [expected] = Object.values(readReference(name).outputs) as [ReferenceTensor];
  const values = actual.dataSync();
  expected.values.forEach((value, i) =>
    assert.ok(Math.abs(values[i]! - Number(value)) <= 1e-5, `${name}[${i}]`),
  );
}
