import assert from "node:assert/strict";
import { tf } from "../../../src/index.js";
import type { LayerSpec } from "../../../src/keras/graph.js";
import { nameFailures } from "../../../src/layers/name-failures.js";
import { BackendError } from "../../../src/runtime/backend-error.js";

function failing(error: Error): () => unknown {
  const layer = tf.layers.activation({ activation: "relu" });
  layer.call = () => {
    throw error;
  };
  nameFailures(layer, { path: "block/odd", className: "Odd" } as LayerSpec);
  return () => layer.call(tf.ones([2, 3]), {});
}

class OfAProgram extends Error {}

describe("a layer that fails while it runs", () => {
  it("is named with what it was given, whatever class of error its code throws", () => {
    for (const error of [new Error("no"), new TypeError("no"), new OfAProgram("no")])
      assert.throws(failing(error), { message: 'Layer "block/odd" (Odd) on [2, 3]: no', cause: error });
    assert.throws(failing(new RangeError("no")), RangeError);
  });

  it("leaves an error of this library as it is", () => {
    const own = new BackendError("no memory", "close another program");
    assert.throws(failing(own), (error) => error === own);
  });
});
