import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { computeInHalves } from "../../src/layers/quantized/half-precision.js";
import { switchBackend } from "../../src/runtime/switch.js";
import { withChange } from "../../src/with-change.js";
import { endMidway, forEver } from "./end-midway.js";

describe("a change for the length of a call", () => {
  let value = "before";
  const as = (other: string) => () => {
    const own = value;
    value = other;
    return () => void (value = own);
  };

  it("is taken back when the call returns or throws", () => {
    assert.equal(
      withChange(as("meanwhile"), () => value),
      "meanwhile",
    );
    assert.equal(value, "before");
    const fail = () => {
      throw new Error(value);
    };
    assert.throws(() => withChange(as("failing"), fail), /failing/);
    assert.equal(value, "before");
  });

  it("is taken back where the call is ended without finally, with those within it", () => {
    let seen = "";
    endMidway(() =>
      withChange(as("outer"), () =>
        withChange(as("inner"), () => {
          seen = value;
          forEver();
        }),
      ),
    );
    assert.deepEqual([seen, value], ["inner", "before"]);
  });
});

describe("tf.profile that is stopped", () => {
  before(() => switchBackend("wasm"));

  it("notes no later operation", () => {
    endMidway(() => tf.profile(forEver));
    const { profiling } = tf.engine().state as unknown as { profiling: boolean };
    assert.equal(profiling, false);
  });
});

describe("a model that is stopped within a layer", () => {
  before(() => switchBackend("wasm"));

  it("of 16 bits trains on: its weights read as rounded numbers for good, which no optimizer takes", async () => {
    let stand = false;
    const layer = tf.layers.dense({ units: 1, inputShape: [2], activation: "relu" });
    const { call } = layer;
    layer.call = (inputs, kwargs) => {
      if (stand) forEver();
      return call.call(layer, inputs, kwargs);
    };
    computeInHalves(layer, "Dense", "float16");
    const model = tf.sequential({ layers: [layer] });
    model.compile({ loss: "meanSquaredError", optimizer: "sgd" });
    const [x, y] = [tf.ones([4, 2]), tf.ones([4, 1])];
    stand = true;
    endMidway(() => model.predict(x));
    stand = false;
    const { history } = await model.fit(x, y, { epochs: 1, verbose: 0 });
    assert.ok(Number.isFinite(history["loss"]![0]));
  });
});
