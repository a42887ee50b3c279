import assert from "node:assert/strict";
import type { CallArgument, LayerCall, LayerSpec, ModelGraph } from "../../../src/keras/graph.js";
import { impliedMasks } from "../../../src/saving/implied-masks.js";

function layer(className: string, name: string, config: LayerSpec["config"] = {}): LayerSpec {
  const rest = { module: null, registeredName: null, buildConfig: null, model: null, inner: {} };
  return { className, name, path: name, config, ...rest };
}

function tensor(name: string): CallArgument {
  return { kind: "tensor", ref: { layer: name, nodeIndex: 0, tensorIndex: 0 } };
}

function call(name: string, from: string, kwargs: LayerCall["kwargs"] = {}): LayerCall {
  return { layer: name, nodeIndex: 0, args: [tensor(from)], kwargs };
}

/** Embedded text, with or without a mask of its zeros, and a GRU that is given `mask`. */
function graphWith(maskZero: boolean, mask: CallArgument): ModelGraph {
  const ref = (name: string) => ({ layer: name, nodeIndex: 0, tensorIndex: 0 });
  return {
    name: "model",
    layers: [
      layer("InputLayer", "ids"),
      layer("InputLayer", "counts"),
      layer("Embedding", "embedded", { mask_zero: maskZero }),
      layer("NotEqual", "not_equal"),
      layer("GRU", "gru"),
    ],
    calls: [call("embedded", "ids"), call("not_equal", "ids"), call("gru", "embedded", { mask })],
    inputs: [ref("ids"), ref("counts")],
    outputs: [ref("gru")],
  } as unknown as ModelGraph;
}

function after(graph: ModelGraph) {
  const { calls, layers } = impliedMasks(graph, false);
  return {
    mask: calls.find((one) => one.layer === "gru")!.kwargs["mask"],
    layers: layers.map(({ name }) => name),
  };
}

describe("masks that Keras 2 passes along by itself", () => {
  it("go, with the operations that made them", () => {
    const { mask, layers } = after(graphWith(true, tensor("not_equal")));
    assert.equal(mask, undefined);
    assert.ok(!layers.includes("not_equal"));
  });

  it("are not those that the program gave: an input, one of a sequence without a mask, numbers", () => {
    const kept: readonly (readonly [boolean, CallArgument])[] = [
      [true, tensor("counts")],
      [false, tensor("not_equal")],
      [true, { kind: "constant", value: [[true, false]] }],
    ];
    for (const [masked, given] of kept) assert.deepEqual(after(graphWith(masked, given)).mask, given);
  });
});
