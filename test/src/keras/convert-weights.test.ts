import assert from "node:assert/strict";
import { tf } from "../../../src/index.js";
import { conversionOf } from "../../../src/keras/convert-weights.js";
import type { LayerSpec } from "../../../src/keras/graph.js";
import { kerasOrigin } from "../../../src/keras/origin.js";
import { startOn } from "./start-on.js";

describe("weights in a layout that another program stored", () => {
  before(() => startOn("cpu"));

  const spec: LayerSpec = {
    className: "Dense",
    name: "dense",
    path: "dense",
    module: "keras.layers",
    registeredName: null,
    config: {},
    buildConfig: null,
    model: null,
    inner: {},
  };
  const origin = kerasOrigin("2.15.0", "tensorflow", {});
  const conversion = (wanted: number[][], stored: number[][]) => conversionOf(spec, wanted, stored, origin);

  it("a bias that was stored as a row is a bias", async () => {
    const found = conversion(
      [[2, 3], [3]],
      [
        [2, 3],
        [1, 3],
      ],
    )!;
    const [kernel, bias] = found.convert([tf.ones([2, 3]), tf.tensor2d([[1, 2, 3]])]) as [
      tf.Tensor,
      tf.Tensor,
    ];
    assert.deepEqual([kernel.shape, bias.shape], [[2, 3], [3]]);
    assert.deepEqual([...(await bias.data())], [1, 2, 3]);
    assert.equal(found.code, "W03");
  });

  it("what fits, what was transposed and what is of another size stays as it is", () => {
    assert.equal(conversion([[2, 3], [3]], [[2, 3], [3]]), null);
    assert.equal(conversion([[1, 3], [3]], [[3, 1], [3]]), null);
    assert.equal(
      conversion(
        [[2, 3], [3]],
        [
          [2, 3],
          [1, 4],
        ],
      ),
      null,
    );
  });
});
