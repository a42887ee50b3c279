import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../../../src/formats/model-file.js";
import { buildCase } from "../layers/layer-cases.js";
import { openModel } from "./open-model.js";

describe("keras/keras-model", () => {
  it("leaves nothing in memory of a layer that is called twice", async () => {
    // Its layer "twice" is.
    for (const file of ["parts.h5", "nested.h5", "nested.keras"]) {
      const before = tf.memory().numTensors;
      const { model } = await openModel(`test/fixtures/archives/${file}`);
      assert.ok(tf.memory().numTensors > before, file);
      model!.dispose();
      assert.equal(tf.memory().numTensors, before, file);
      assert.throws(() => model!.dispose(), /already disposed/);
    }
  });

  it("says of an input without samples which it is", async () => {
    const { model } = await openModel("test/fixtures/archives/nested.keras");
    const [input] = model!.inputs;
    const [name] = model!.inputNames;
    const shape = [0, ...input!.shape.slice(1).map((n) => n ?? 1)];
    assert.throws(
      () => model!.predict(tf.zeros(shape)),
      new RegExp(`input "${name!}" got \\[${shape.join(", ")}\\]: predict needs at least one sample`),
    );
    model!.dispose();
  });

  it("gives a tensor that is two of its outputs under both", async () => {
    const tensor = { class_name: "__keras_tensor__", config: { keras_history: ["x", 0, 0] } };
    const config: JsonValue = {
      class_name: "Functional",
      config: {
        name: "model",
        layers: [
          {
            class_name: "InputLayer",
            name: "x",
            config: { batch_shape: [null, 2], name: "x" },
            inbound_nodes: [],
          },
          {
            class_name: "ReLU",
            module: "keras.layers",
            name: "relu",
            config: { name: "relu" },
            inbound_nodes: [{ args: [tensor], kwargs: {} }],
          },
        ],
        input_layers: [["x", 0, 0]],
        output_layers: [
          ["relu", 0, 0],
          ["x", 0, 0],
          ["relu", 0, 0],
        ],
      },
    };
    const model = await buildCase({ name: "twice", config, layers: [], inputs: [], outputs: [] }, "3.15.1");
    assert.ok(typeof model !== "string", String(model));
    const outputs = model.predict(tf.tensor2d([[-1, 2]])) as tf.Tensor[];
    assert.deepEqual(
      outputs.map((y) => Array.from(y.dataSync())),
      [
        [0, 2],
        [-1, 2],
        [0, 2],
      ],
    );
  });
});
