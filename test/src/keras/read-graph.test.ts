import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../../../src/formats/model-file.js";
import { connectModel } from "../../../src/keras/connect.js";
import { kerasOrigin } from "../../../src/keras/origin.js";
import { checkGraph } from "../../../src/keras/check-graph.js";
import { eachLayer, readModelGraph } from "../../../src/keras/read-graph.js";
import { startOn } from "./start-on.js";
import { isOperation, resolveLayer } from "../../../src/layers/resolve.js";

const origin = kerasOrigin("2.4.0", "tensorflow", null);

const input = (name: string, shape: JsonValue[] = [null, 4]): JsonValue => ({
  class_name: "InputLayer",
  name,
  config: { name, batch_input_shape: shape, dtype: "float32" },
  inbound_nodes: [],
});

const dense = (name: string, ...from: JsonValue[]): JsonValue => ({
  class_name: "Dense",
  name,
  config: { name, units: 4, activation: "linear", trainable: true },
  inbound_nodes: [from],
});

const functional = (layers: JsonValue[], inputs: JsonValue, outputs: JsonValue): JsonValue => ({
  class_name: "Functional",
  config: { name: "m", layers, input_layers: inputs, output_layers: outputs },
});

const codes = (config: JsonValue) => {
  const { graph, findings } = readModelGraph(config, origin);
  return [...findings, ...(graph ? checkGraph(graph) : [])].map(({ code, layer }) => [code, layer]);
};

function connect(config: JsonValue, version = "2.4.0") {
  const by = kerasOrigin(version, "tensorflow", config);
  const { graph } = readModelGraph(config, by);
  return connectModel(graph!, {
    origin: by,
    resolve: (spec) => resolveLayer(spec, new Map()),
    storedShapes: () => null,
  }).advance();
}

describe("readModelGraph", () => {
  it("takes Keras's own classes with their module in front, and no other class", () => {
    const saved = (className: string, inner: string): JsonValue => ({
      class_name: className,
      config: { layers: [{ class_name: inner, config: { name: "d", units: 4 } }] },
    });
    for (const [model, layer] of [
      ["keras.src.models.sequential.Sequential", "keras.src.layers.core.dense.Dense"],
      ["tensorflow.python.keras.engine.sequential.Sequential", "tf.keras.layers.Dense"],
      ["Sequential", "tf_keras.src.layers.Dense"],
    ] as const) {
      const { graph } = readModelGraph(saved(model, layer), origin);
      assert.equal(graph!.className, "Sequential");
      assert.equal(graph!.layers.at(-1)!.className, "Dense");
    }
    const { graph } = readModelGraph(saved("Sequential", "keras_contrib.layers.Dense"), origin);
    assert.equal(graph!.layers.at(-1)!.className, "keras_contrib.layers.Dense");
  });

  before(() => startOn("cpu"));

  it("reports a call that takes a layer which is not there, and which call (G02)", () => {
    const config = functional([input("x"), dense("d", ["ghost", 0, 0, {}])], [["x", 0, 0]], [["d", 0, 0]]);
    assert.deepEqual(codes(config), [["G02", "d"]]);
  });

  it("puts an input layer there that the list of layers lacks, and says so (G02)", () => {
    const config = functional([dense("d", ["x", 0, 0, {}])], [["x", 0, 0]], [["d", 0, 0]]);
    const { graph, findings } = readModelGraph(config, origin);
    assert.deepEqual(
      graph!.layers.map(({ name, className }) => [name, className]),
      [
        ["x", "InputLayer"],
        ["d", "Dense"],
      ],
    );
    assert.deepEqual(
      [...findings, ...checkGraph(graph!)].map(({ code, blocking }) => [code, blocking]),
      [["G02", false]],
    );
    // Another name of the input that is there is no layer that is lacking.
    const renamed = functional([input("x"), dense("d", ["x", 0, 0, {}])], [["y", 0, 0]], [["d", 0, 0]]);
    assert.deepEqual(codes(renamed), [["G02", null]]);
  });

  it("takes Add without trainable for the layer where it is called on a list, else for the operation", () => {
    const tensor = (name: string): JsonValue => ({
      class_name: "__keras_tensor__",
      config: { shape: [null, 4], dtype: "float32", keras_history: [name, 0, 0] },
    });
    for (const [args, isOne] of [
      [[[tensor("x"), tensor("y")]], false],
      [[tensor("x"), tensor("y")], true],
    ] as [JsonValue, boolean][]) {
      const add = {
        class_name: "Add",
        name: "add",
        config: { name: "add" },
        inbound_nodes: [{ args, kwargs: {} }],
      };
      const config = functional(
        [input("x"), input("y"), add],
        [
          ["x", 0, 0],
          ["y", 0, 0],
        ],
        [["add", 0, 0]],
      );
      const { graph } = readModelGraph(config, kerasOrigin("3.12.0", "tensorflow", config));
      assert.equal(isOperation(graph!.layers.at(-1)!), isOne);
    }
  });

  it("reports a node index that no call has (G03)", () => {
    const config = functional([input("x"), dense("d", ["x", 3, 0, {}])], [["x", 0, 0]], [["d", 0, 0]]);
    assert.deepEqual(codes(config), [["G03", "d"]]);
  });

  it("reports layers that wait for each other, and does not hang (G01)", () => {
    const layers = [input("x"), dense("a", ["b", 0, 0, {}]), dense("b", ["a", 0, 0, {}])];
    const config = functional(layers, [["x", 0, 0]], [["b", 0, 0]]);
    assert.deepEqual(codes(config), [["G01", "a"]]);
    assert.equal(connect(config).model, null);
  });

  it("says what a config without layers is (C02)", () => {
    for (const config of [
      null,
      3,
      "text",
      [],
      {},
      { class_name: "Bert", config: { units: 3 } },
    ] as JsonValue[]) {
      const { graph, findings } = readModelGraph(config, origin);
      assert.ok(graph === null ? findings.length > 0 : graph.layers.length > 0, JSON.stringify(config));
    }
  });

  it("reads indices that are text or left out where they leave no doubt, and says so (G02)", () => {
    const layers = (node: JsonValue) => [input("x"), dense("d", ["x", 0, 0, {}]), dense("e", node)];
    for (const written of ["d", ["d"], ["d", 0], ["d", "0", 0], ["d", 0, "0"]] as JsonValue[]) {
      const config = functional(layers(written), [["x", 0, 0]], [written, ["e", 0, 0]]);
      assert.deepEqual(codes(config), [
        ["G02", "e"],
        ["G02", null],
      ]);
      assert.equal(connect(config).model!.outputs.length, 2, JSON.stringify(written));
    }
    const twice = dense("d", ["x", 0, 0, {}]) as { inbound_nodes: JsonValue[] };
    twice.inbound_nodes.push([["x", 0, 0, {}]]);
    const doubtful = functional([input("x"), twice as JsonValue], [["x", 0, 0]], [["d", 1, 0], ["d"]]);
    assert.equal(connect(doubtful).model, null);
  });

  it("asks about what names no tensor, and leaves out neither an output nor an argument (G02)", () => {
    for (const hole of [
      null,
      [],
      ["d", -1, 0],
      ["d", 0.5, 0],
      ["d", "a", 0],
      ["d", null, null],
    ] as JsonValue[]) {
      const layers = [input("x"), dense("d", ["x", 0, 0, {}]), dense("e", ["d", 0, 0, {}])];
      const config = functional(layers, [["x", 0, 0]], [hole, ["e", 0, 0]]);
      const { graph } = readModelGraph(config, origin);
      assert.deepEqual(
        checkGraph(graph!).map(({ code, blocking }) => [code, blocking]),
        [["G02", true]],
        JSON.stringify(hole),
      );
      assert.equal(connect(config).model, null);
    }
  });

  it("takes entries of any wrong type without a throw", () => {
    const odd: JsonValue[] = [null, 1, "y", [], {}, [[]], [["y"]], [["x", "a"]], [[null, 0, 0]], { args: 3 }];
    for (const node of odd) {
      const layer = { class_name: "Dense", name: "d", config: { name: "d", units: 2 }, inbound_nodes: node };
      const config = functional([input("x"), layer], [["x", 0, 0]], [["d", 0, 0]]);
      assert.equal(connect(config).model, null);
    }
    for (const outputs of odd) {
      const layers = [input("x"), dense("d", ["x", 0, 0, {}])];
      const { model, findings } = connect(functional(layers, [["x", 0, 0]], outputs));
      assert.ok(model === null && findings.length > 0, JSON.stringify(outputs));
    }
  });

  it("reads a Sequential saved as a list, as Keras 1 and 2.0 did", () => {
    const config: JsonValue = {
      class_name: "Sequential",
      config: [
        { class_name: "Dense", config: { name: "d", units: 2, batch_input_shape: [null, 3] } },
        { class_name: "Activation", config: { name: "a", activation: "relu" } },
      ],
    };
    assert.deepEqual(connect(config).model?.outputShape, [null, 2]);
  });

  it("takes layers that say what they are called on for no chain, where the lists of inputs and outputs are lost", () => {
    const on = (name: string): JsonValue => [name, 0, 0, {}];
    const layers = [input("x"), dense("a", on("x")), dense("b", on("x")), dense("c", on("a"))];
    for (const config of [layers, { class_name: "Functional", config: { name: "m", layers } }]) {
      const asked = readModelGraph(config, origin).graph!;
      assert.deepEqual(asked.outputs, [], "b and c may both be meant");
      assert.equal(asked.calls.find(({ layer }) => layer === "b")!.args[0]!.kind, "tensor");
    }
    const { graph } = readModelGraph(layers.slice(0, 2), origin);
    assert.deepEqual(graph!.inputs, { layer: "x", nodeIndex: 0, tensorIndex: 0 });
    assert.deepEqual(graph!.outputs, { layer: "a", nodeIndex: 0, tensorIndex: 0 });
    const branches = readModelGraph(layers.slice(0, 3), origin).graph!;
    const onX = { kind: "tensor", ref: { layer: "x", nodeIndex: 0, tensorIndex: 0 } };
    assert.deepEqual(
      branches.calls.map(({ layer, args }) => [layer, args[0]]),
      [
        ["a", onX],
        ["b", onX],
      ],
    );
  });

  it("tells two layers of one name apart (G09)", () => {
    const layer = { class_name: "Dense", config: { name: "d", units: 3, batch_input_shape: [null, 3] } };
    const { model } = connect({ class_name: "Sequential", config: { layers: [layer, layer] } });
    assert.deepEqual(
      model?.layers.map(({ name }) => name),
      ["d_input", "d", "d_1"],
    );
  });

  it("walks a chain of 1500 layers", () => {
    const count = 1500;
    const layers = Array.from({ length: count }, (_, i) => ({
      class_name: "Activation",
      config: { name: `a${i}`, activation: "linear", ...(i === 0 ? { batch_input_shape: [null, 2] } : {}) },
    }));
    const { graph, findings } = readModelGraph({ class_name: "Sequential", config: { layers } }, origin);
    assert.deepEqual(findings, []);
    assert.equal([...eachLayer(graph!)].length, count + 1);
    const result = connect({ class_name: "Sequential", config: { layers } });
    assert.ok(result.model !== null || result.findings[0]?.code === "G10");
  });

  it("refuses models nested without end", () => {
    let config: JsonValue = { class_name: "Sequential", name: "leaf", config: { name: "leaf", layers: [] } };
    for (let i = 0; i < 200; i++) {
      config = { class_name: "Sequential", name: `m${i}`, config: { name: `m${i}`, layers: [config] } };
    }
    assert.ok(readModelGraph(config, origin).findings.some(({ code }) => code === "G10"));
  });

  it("counts the calls of a nested model from 0 in every major", () => {
    const inner = (nodes: JsonValue): JsonValue => ({
      class_name: "Functional",
      name: "inner",
      config: {
        name: "inner",
        layers: [input("y"), dense("e", ["y", 0, 0, {}])],
        input_layers: [["y", 0, 0]],
        output_layers: [["e", 0, 0]],
      },
      inbound_nodes: nodes,
    });
    const keras2 = functional(
      [input("x"), inner([[["x", 0, 0, {}]]]), dense("d", ["inner", 1, 0, {}])],
      [["x", 0, 0]],
      [["d", 0, 0]],
    );
    assert.deepEqual(connect(keras2).findings, []);
    const tensor = (name: string): JsonValue => ({
      class_name: "__keras_tensor__",
      config: { shape: [null, 4], dtype: "float32", keras_history: [name, 0, 0] },
    });
    const keras3 = functional(
      [input("x"), inner([{ args: [tensor("x")], kwargs: {} }])],
      ["x", 0, 0],
      // Keras 3 counts from 1 here, and from 0 inside calls.
      ["inner", 1, 0],
    );
    assert.deepEqual(connect(keras3, "3.3.0").findings, []);
  });

  it("keeps a tensor that one call takes twice for the layers after it", async () => {
    const twice: JsonValue = {
      class_name: "Multiply",
      name: "square",
      config: { name: "square", trainable: true },
      inbound_nodes: [
        [
          ["d", 0, 0, {}],
          ["d", 0, 0, {}],
        ],
      ],
    };
    const add: JsonValue = {
      class_name: "Add",
      name: "sum",
      config: { name: "sum", trainable: true },
      inbound_nodes: [
        [
          ["d", 0, 0, {}],
          ["square", 0, 0, {}],
        ],
      ],
    };
    const layers = [input("x"), dense("d", ["x", 0, 0, {}]), twice, add];
    const { model, findings } = connect(functional(layers, [["x", 0, 0]], [["sum", 0, 0]]));
    assert.deepEqual(findings, []);
    const [kernel, bias] = model!.getLayer("d").getWeights() as [tf.Tensor, tf.Tensor];
    model!.getLayer("d").setWeights([tf.onesLike(kernel), tf.onesLike(bias)]);
    const y = model!.predict(tf.ones([1, 4])) as tf.Tensor;
    assert.deepEqual(await y.array(), [[30, 30, 30, 30]]);
  });
});
