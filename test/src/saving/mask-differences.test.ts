import assert from "node:assert/strict";
import type { CallArgument, LayerCall, LayerSpec, ModelGraph } from "../../../src/keras/graph.js";
import { kerasOrigin } from "../../../src/keras/origin.js";
import { maskDifferences } from "../../../src/saving/mask-differences.js";

const ref = (name: string) => ({ layer: name, nodeIndex: 0, tensorIndex: 0 });
const tensor = (name: string): CallArgument => ({ kind: "tensor", ref: ref(name) });

function layer(className: string, name: string, config: LayerSpec["config"] = {}): LayerSpec {
  const rest = { module: null, registeredName: null, buildConfig: null, model: null, inner: {} };
  return { className, name, path: name, config, ...rest };
}

function call(name: string, ...from: string[]): LayerCall {
  const items = from.map(tensor);
  const args: CallArgument[] = items.length > 1 ? [{ kind: "list", items }] : items;
  return { layer: name, nodeIndex: 0, args, kwargs: {} };
}

/** Embedded text that a GRU reads; its steps, or the last of them, go into a product, and into a GRU with states. */
function graphWith(sequences: boolean, maskZero: boolean): ModelGraph {
  return {
    className: "Functional",
    name: "model",
    layers: [
      layer("InputLayer", "ids"),
      layer("InputLayer", "states"),
      layer("Embedding", "embedded", { mask_zero: maskZero }),
      layer("GRU", "steps", { return_sequences: sequences }),
      layer("Multiply", "product", { name: "product", trainable: true, dtype: "float32" }),
      layer("GRU", "decoder"),
      layer("Dense", "hidden"),
    ],
    calls: [
      call("embedded", "ids"),
      call("steps", "embedded"),
      call("product", "steps", "steps"),
      call("decoder", "embedded", "states"),
      call("hidden", "embedded"),
    ],
    inputs: [ref("ids"), ref("states")],
    outputs: [ref("product"), ref("decoder"), ref("hidden")],
  };
}

describe("masks in a model that is saved for the other Keras", () => {
  const keras2 = kerasOrigin("2.15.0", "tensorflow", null);
  const keras3 = kerasOrigin("3.15.0", "tensorflow", null);

  it("are told where the two make something else of them", () => {
    assert.deepEqual(maskDifferences(graphWith(true, true), keras2, 3), ["product", "decoder"]);
    assert.deepEqual(maskDifferences(graphWith(true, true), keras3, 2), ["product"]);
  });

  it("are not told where there are none, where they end, or for the same Keras", () => {
    assert.deepEqual(maskDifferences(graphWith(true, false), keras2, 3), []);
    assert.deepEqual(maskDifferences(graphWith(false, true), keras2, 3), ["decoder"]);
    assert.deepEqual(maskDifferences(graphWith(true, true), keras3, 3), []);
  });
});
