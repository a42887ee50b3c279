import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import type { JsonValue } from "../../../src/formats/model-file.js";
import { connectModel } from "../../../src/keras/connect.js";
import { kerasOrigin } from "../../../src/keras/origin.js";
import { readModelGraph } from "../../../src/keras/read-graph.js";
import { customLayer } from "../../../src/layers/custom/custom.js";
import type { CustomLayerClass } from "../../../src/layers/custom/user-class.js";
import type { CustomLayerCall } from "../../../src/layers/custom/user-function.js";
import { layers } from "../../../src/index.js";
import { resolveLayer } from "../../../src/layers/resolve.js";
import { startOn } from "../keras/start-on.js";

type Config = { [key: string]: JsonValue };

/** A model of one layer of Keras 3 on [2, steps, 3]. */
function modelOf(
  className: string,
  config: Config,
  options: {
    steps?: number | null;
    custom?: Record<string, CustomLayerClass | CustomLayerCall>;
    version?: string | null;
  } = {},
): tf.LayersModel {
  const custom = new Map(
    Object.entries(options.custom ?? {}).map(([name, item]) => [name, customLayer(name, item)]),
  );
  const saved: JsonValue = {
    class_name: "Sequential",
    config: {
      name: "model",
      layers: [
        { class_name: "InputLayer", config: { batch_shape: [2, options.steps ?? null, 3], name: "x" } },
        { class_name: className, config: { name: "layer", ...config }, module: "keras.layers" },
      ],
    },
  };
  const { version = "3.15.1" } = options;
  const origin = {
    ...kerasOrigin(version, "tensorflow", saved),
    ...(version === null ? { major: 2 as const } : {}),
  };
  const { graph } = readModelGraph(saved, origin);
  const connection = connectModel(graph!, {
    origin,
    resolve: (spec) => resolveLayer(spec, custom),
    storedShapes: () => null,
    custom: (spec) => custom.has(spec.className),
    initialize: true,
  });
  const { model, findings } = connection.advance();
  if (!model) throw new Error(findings.map(({ found, why }) => `${found}: ${why}`).join());
  return model;
}

const values = (x: tf.Tensor) => Array.from(x.dataSync());

function close(a: tf.Tensor, b: tf.Tensor, tolerance = 1e-6): void {
  assert.deepEqual(a.shape, b.shape);
  const [p, q] = [values(a), values(b)];
  assert.ok(p.every((v, i) => Math.abs(v - q[i]!) < tolerance));
}

describe("recurrent layers", () => {
  before(() => startOn("cpu"));

  for (const [className, config] of [
    ["LSTM", { units: 4 }],
    ["GRU", { units: 4, reset_after: true }],
    ["SimpleRNN", { units: 4 }],
    [
      "Bidirectional",
      { layer: { class_name: "LSTM", config: { name: "lstm", units: 4 } }, merge_mode: "concat" },
    ],
  ] as const) {
    it(`${className}: a stateful layer goes on where the call before ended, until resetStates`, () => {
      const stateful =
        className === "Bidirectional"
          ? {
              ...config,
              layer: {
                class_name: "LSTM",
                config: { name: "lstm", units: 4, stateful: true, return_sequences: true },
              },
            }
          : { ...config, stateful: true, return_sequences: true };
      const model = modelOf(className, stateful as Config);
      assert.ok(model.stateful);
      const x = tf.randomNormal([2, 6, 3]);
      const first = model.predict(tf.slice(x, [0, 0, 0], [2, 3, 3])) as tf.Tensor;
      const second = model.predict(tf.slice(x, [0, 3, 0], [2, 3, 3])) as tf.Tensor;
      model.resetStates();
      const whole = model.predict(x) as tf.Tensor;
      if (className === "Bidirectional") {
        // Only the forward half of a split sequence equals the whole one's.
        close(tf.slice(second, [0, 0, 0], [2, 3, 4]), tf.slice(whole, [0, 3, 0], [2, 3, 4]));
        return;
      }
      close(tf.concat([first, second], 1), whole);
      model.resetStates();
      close(model.predict(tf.slice(x, [0, 0, 0], [2, 3, 3])) as tf.Tensor, first);
    });
  }

  for (const [version, recorded] of [
    ["2.12.0", true],
    ["2.3.1", false],
  ] as const) {
    const which = recorded ? "goes on from its own states" : "starts from the states that it is given";
    it(`a stateful layer of Keras ${version} that is given states ${which}`, () => {
      const config = { units: 2, stateful: true, name: "gru" };
      const input = (name: string, shape: number[]) => ({
        class_name: "InputLayer",
        name,
        config: { name, batch_input_shape: shape },
        inbound_nodes: [],
      });
      const ends = (name: string) => [[name, 0, 0]];
      const saved: JsonValue = {
        class_name: "Functional",
        config: {
          name: "model",
          layers: [
            input("x", [2, 3, 3]),
            input("h", [2, 2]),
            {
              class_name: "GRU",
              name: "gru",
              config,
              inbound_nodes: [
                [
                  ["x", 0, 0, {}],
                  ["h", 0, 0, {}],
                ],
              ],
            },
          ],
          input_layers: [...ends("x"), ...ends("h")],
          output_layers: ends("gru"),
        },
      };
      const origin = kerasOrigin(version, "tensorflow", saved);
      const { model } = connectModel(readModelGraph(saved, origin).graph!, {
        origin,
        resolve: (spec) => resolveLayer(spec, new Map()),
        storedShapes: () => null,
        initialize: true,
      }).advance();
      const [x, h] = [tf.randomNormal([2, 3, 3]), tf.randomNormal([2, 2])];
      const predict = () => model!.predict([x, h], { batchSize: 2 }) as tf.Tensor;
      const first = predict();
      const second = predict();
      if (!recorded) return close(second, first);
      model!.resetStates();
      close(model!.predict([x, first], { batchSize: 2 }) as tf.Tensor, second);
    });
  }

  it("a stateful layer keeps no tensor but its states, and frees them", () => {
    const model = modelOf("LSTM", { units: 4, stateful: true });
    const x = tf.randomNormal([2, 3, 3]);
    const before = tf.memory().numTensors;
    for (let i = 0; i < 3; i++) tf.dispose(model.predict(x));
    assert.equal(tf.memory().numTensors, before + 2);
    model.resetStates();
    assert.equal(tf.memory().numTensors, before);
  });

  it("dropout works in training alone, and hides the same features at every step", () => {
    const model = modelOf("LSTM", { units: 4, dropout: 0.5, recurrent_dropout: 0.5 });
    const x = tf.randomNormal([2, 5, 3]);
    close(model.predict(x) as tf.Tensor, model.apply(x) as tf.Tensor);
    const trained = model.apply(x, { training: true }) as tf.Tensor;
    assert.notDeepEqual(values(trained), values(model.predict(x) as tf.Tensor));
    const simple = modelOf("SimpleRNN", {
      units: 3,
      activation: "linear",
      dropout: 0.5,
      return_sequences: true,
    });
    simple.setWeights([tf.eye(3), tf.zeros([3, 3]), tf.zeros([3])]);
    const rows = tf.unstack(simple.apply(tf.ones([2, 5, 3]), { training: true }) as tf.Tensor, 1);
    for (const row of rows) assert.deepEqual(values(row), values(rows[0]!));
  });

  it("the loop without a gradient and the one with it agree", () => {
    for (const [className, config] of [
      ["LSTM", {}],
      ["LSTM", { recurrent_activation: "hard_sigmoid", go_backwards: true, use_bias: false }],
      ["GRU", { reset_after: true, return_sequences: true, go_backwards: true }],
      ["GRU", { reset_after: true, use_bias: false, return_state: true }],
      ["GRU", { reset_after: false, return_sequences: true }],
      ["SimpleRNN", { activation: "relu", return_sequences: true }],
    ] as const) {
      const model = modelOf(className, { units: 5, ...config });
      const x = tf.randomNormal([2, 7, 3]);
      const plain = [model.predict(x)].flat() as tf.Tensor[];
      let recorded: tf.Tensor[] = [];
      tf.variableGrads(() => {
        recorded = [model.apply(x)].flat().map((y) => tf.keep(y as tf.Tensor));
        return tf.sum(recorded[0]!) as tf.Scalar;
      });
      plain.forEach((y, i) => close(y, recorded[i]!, 1e-5));
    }
  });

  it("a user's cell runs in an RNN and in StackedRNNCells, with its own weights", () => {
    class Running extends tf.layers.Layer {
      static readonly className: string = "Running";
      readonly stateSize: number;
      constructor(config: { units: number; name: string }) {
        super({ name: config.name });
        this.stateSize = config.units;
      }
      override build(shape: tf.Shape): void {
        this.addWeight(
          "kernel",
          [shape.at(-1)!, this.stateSize],
          "float32",
          tf.initializers.glorotUniform({}),
        );
      }
      override call(inputs: tf.Tensor[]): tf.Tensor[] {
        const [x, state] = inputs as [tf.Tensor2D, tf.Tensor2D];
        const next = tf.add(state, tf.matMul(x, this.weights[0]!.read() as tf.Tensor2D));
        return [next, next];
      }
    }
    const cell = (units: number) => ({
      class_name: "Custom>Running",
      config: { name: `running_${units}`, units },
    });
    const custom = { "Custom>Running": Running as unknown as CustomLayerClass };
    const one = modelOf("RNN", { cell: cell(4) }, { custom });
    assert.equal(one.weights.length, 1);
    const x = tf.randomNormal([2, 6, 3]);
    const kernel = one.weights[0]!.read() as tf.Tensor2D;
    close(one.predict(x) as tf.Tensor, tf.matMul(tf.sum(x, 1) as tf.Tensor2D, kernel), 1e-5);
    const stacked = {
      class_name: "StackedRNNCells",
      config: { name: "stack", cells: [cell(4), { class_name: "GRUCell", config: { name: "g", units: 2 } }] },
    };
    const two = modelOf("RNN", { cell: stacked, return_sequences: true }, { custom });
    assert.deepEqual(two.outputs[0]!.shape, [2, null, 2]);
    assert.equal(two.trainableWeights.length, 4);
    const { grads } = tf.variableGrads(() => tf.sum(two.apply(x) as tf.Tensor) as tf.Scalar);
    assert.equal(Object.keys(grads).length, 4);
  });

  it("masked steps are computed at once, as they are one by one", async () => {
    const rows = [
      [0, 0, 1, 0, 1, 0],
      [1, 1, 1, 1, 1, 1],
      [0, 0, 0, 0, 0, 0],
      [1, 0, 0, 1, 1, 0],
    ];
    const mask = tf.tensor2d(rows, [4, 6], "bool");
    const x = tf.randomNormal([4, 6, 2]);
    const flags = [true, false];
    for (const make of [layers.lstm, layers.gru, layers.simpleRNN])
      for (const returnSequences of flags)
        for (const goBackwards of flags)
          for (const zeroOutputForMask of flags) {
            const layer = make({ units: 3, returnSequences, goBackwards, zeroOutputForMask });
            const atOnce = layer.apply(x, { mask }) as tf.Tensor;
            // While a gradient is recorded, the steps are operations.
            let steps = atOnce;
            tf.grad((v) => {
              steps = tf.keep(layer.apply(v, { mask }) as tf.Tensor);
              return tf.sum(steps);
            })(x);
            close(atOnce, steps, 1e-6);
            const { kernels } = await tf.profile(() => tf.tidy(() => void layer.apply(x, { mask })));
            assert.ok(kernels.length < 18, `${kernels.length} operations for 6 steps`);
          }
  });

  // What `from_config` of a config without the two arguments takes in each of these releases.
  for (const [version, className, recurrent_activation, reset_after] of [
    ["1.2.2", "LSTM", "hard_sigmoid", null],
    ["2.2.4", "GRU", "hard_sigmoid", false],
    ["2.2.4-tf", "GRU", "hard_sigmoid", false],
    ["2.3.1", "GRU", "sigmoid", false],
    ["2.3.0-tf", "GRU", "sigmoid", true],
    ["2.8.0", "LSTM", "sigmoid", null],
    ["2.15.0", "GRU", "sigmoid", true],
    [null, "LSTM", "sigmoid", null],
    ["3.15.1", "GRU", "sigmoid", true],
  ] as const)
    it(`${className} of Keras ${version ?? "2 of no version"} takes that release's gates where it names none`, () => {
      const named = { recurrent_activation, ...(reset_after === null ? {} : { reset_after }) };
      const silent = modelOf(className, { units: 2 }, { version });
      const said = modelOf(className, { units: 2, ...named }, { version });
      assert.deepEqual(
        silent.weights.map(({ shape }) => shape),
        said.weights.map(({ shape }) => shape),
      );
      const values = said.weights.map(({ shape }) => tf.randomNormal(shape as number[], 0, 2, "float32", 7));
      const x = tf.randomNormal([2, 5, 3], 0, 2, "float32", 3);
      const outputs = [silent, said].map((model) => {
        model.setWeights(values);
        return model.predict(x) as tf.Tensor;
      });
      close(outputs[0]!, outputs[1]!);
    });

  it("wrong arguments name the argument and what is allowed", () => {
    assert.throws(() => modelOf("LSTM", { units: 0 }), /units = 0.*integer of at least 1/s);
    assert.throws(() => modelOf("GRU", { units: 2, dropout: 1.5 }), /dropout = 1.5.*between 0 and 1/s);
    assert.throws(
      () => modelOf("SimpleRNN", { units: 2, return_sequences: "yes" }),
      /return_sequences = "yes".*true or false/s,
    );
  });
});
