import assert from "node:assert/strict";
import path from "node:path";
import * as tf from "@tensorflow/tfjs";
import { openModel } from "../../../src/loading/open.js";
import { FIXTURES, readReference, type ReferenceTensor } from "../graph/reference.js";

/** Layers that pass an Embedding's mask on. */
const MASKS = new Set(["Mask", "PassOn"]);

/** Tensors of a reference, as a model takes them by name. */
function tensors(saved: Readonly<Record<string, ReferenceTensor>>): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.entries(saved).map(([name, { values, shape, dtype }]) => [
      name,
      tf.tensor(values as number[], [...shape], dtype === "string" ? "string" : (dtype as "float32")),
    ]),
  );
}

function assertClose(actual: tf.Tensor, expected: ReferenceTensor, name: string): void {
  assert.deepEqual(actual.shape, [...expected.shape]);
  const values = actual.dataSync();
  expected.values.forEach((value, i) =>
    assert.ok(Math.abs(values[i]! - Number(value)) <= 1e-5, `${name}[${i}]: ${values[i]}, not ${value}`),
  );
}

describe("a subclassed model of Keras 2, its calls read out of its saved function", function () {
  this.timeout(60_000);
  before(() => tf.setBackend("cpu"));

  const layers = {
    keras2_subclassed: ["InputLayer", "Dense", "Dense", "TensorFlowOperations"],
    keras2_wired_text: ["InputLayer", "TensorFlowOperations", "Embedding", "TensorFlowOperations", "Dense"],
    keras2_wired_blocks: [
      "InputLayer",
      "Embedding",
      "TensorFlowOperations",
      "MultiHeadAttention",
      "TensorFlowOperations",
      "Enc",
      "LSTM",
      // The Sequential.
      "Model",
    ],
    keras2_wired_towers: ["InputLayer", "InputLayer", "Dense", "TensorFlowOperations", "Dense"],
  };
  for (const [name, classes] of Object.entries(layers)) {
    it(`${name}: real layers and the operations between them give TensorFlow's numbers`, async () => {
      const session = await openModel(path.join(FIXTURES, name));
      assert.equal(session.rung, "layers");
      const model = session.model!;
      const made = model.layers.map((layer) => layer.getClassName());
      assert.deepEqual(made.filter((of) => !MASKS.has(of)).sort(), [...classes].sort());
      const { inputs, outputs } = readReference(name);
      const results = [model.predict(tensors(inputs) as unknown as tf.Tensor)].flat();
      Object.entries(outputs).forEach(([key, expected], i) => assertClose(results[i]!, expected, key));
      session.abort();
    });
  }

  it("says that the calls were read, and from where", async () => {
    const session = await openModel(path.join(FIXTURES, "keras2_subclassed"));
    const said = session.settled.find(({ code }) => code === "C22");
    assert.match(
      said!.found,
      /Subclassed calls its layers was read out of the function that TensorFlow saved/,
    );
    session.abort();
  });

  const inside = {
    keras2_wired_nested: ["trunk/left/norm", "trunk/left/dense", "trunk/out"],
    keras2_wired_inside: ["lone/norm", "lone/dense"],
    keras2_wired_sequence: ["lone/norm", "lone/dense", "other/norm", "other/dense"],
  };
  for (const [name, paths] of Object.entries(inside)) {
    it(`${name}: the models inside it have their layers, whose weights are called as theirs`, async () => {
      const session = await openModel(path.join(FIXTURES, name));
      assert.equal(session.rung, "layers");
      assert.ok(session.settled.every(({ code }) => code !== "C23" && code !== "C24"));
      const model = session.model!;
      const found = (layers: readonly tf.layers.Layer[], within: string): string[] =>
        layers.flatMap((layer) => [
          `${within}${layer.name}`,
          ...found((layer as tf.LayersModel).layers ?? [], `${within}${layer.name}/`),
        ]);
      const all = found(model.layers, "");
      assert.ok(
        paths.every((wanted) => all.includes(wanted)),
        all.join(" "),
      );
      const { inputs, outputs } = readReference(name);
      const results = [model.predict(tensors(inputs) as unknown as tf.Tensor)].flat();
      Object.entries(outputs).forEach(([key, expected], i) => assertClose(results[i]!, expected, key));
      session.abort();
    });
  }

  it("trains all its weights, a variable of the model itself among them", async () => {
    const session = await openModel(path.join(FIXTURES, "keras2_wired_towers"));
    const model = session.model!;
    const before = model.getWeights().map((weight) => [...weight.dataSync()]);
    model.compile({ optimizer: tf.train.sgd(0.1), loss: ["meanSquaredError", "meanSquaredError"] });
    const { inputs, outputs } = readReference("keras2_wired_towers");
    const x = model.inputNames.map((name) => tensors(inputs)[name]!);
    const y = Object.values(tensors(outputs)).map((output) => tf.add(output, 1));
    await model.fit(x, y, { epochs: 1, verbose: 0 });
    model
      .getWeights()
      .forEach((weight, i) => assert.notDeepEqual([...weight.dataSync()], before[i], model.weights[i]!.name));
    session.abort();
  });

  it("whose operations use a layer's own variable stays a graph, and says which", async () => {
    const session = await openModel(path.join(FIXTURES, "keras2_tied"));
    assert.equal(session.rung, "graph");
    assert.match(
      session.settled.find(({ code }) => code === "C22")!.found,
      /the operation MatMul uses a variable of embedding as well/,
    );
    const { inputs, outputs } = readReference("keras2_tied");
    assertClose(
      session.graph!.predict(Object.values(tensors(inputs))[0]!) as tf.Tensor,
      Object.values(outputs)[0]!,
      "tied",
    );
    session.abort();
  });

  it("whose layer is only called as one of Keras's runs that layer by its saved function, and says so", async () => {
    const session = await openModel(path.join(FIXTURES, "keras2_lookalike"));
    assert.equal(session.rung, "layers");
    const said = session.settled.find(({ code }) => code === "C24");
    assert.equal(said!.where.layer, "double");
    assert.match(said!.found, /differ from those of the layer's saved function by 5/);
    const { inputs, outputs } = readReference("keras2_lookalike");
    const result = session.model!.predict(Object.values(tensors(inputs))[0]!) as tf.Tensor;
    assertClose(result, Object.values(outputs)[0]!, "lookalike");
    session.abort();
  });
});
