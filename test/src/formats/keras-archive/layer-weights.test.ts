import assert from "node:assert/strict";
import { layerWeights } from "../../../../src/formats/keras-archive/layer-weights.js";
import type { WeightsNode } from "../../../../src/formats/keras-archive/weights-tree.js";
import type { StoredWeight } from "../../../../src/formats/model-file.js";

describe("layerWeights", () => {
  const weight = (path: string): StoredWeight => ({
    name: path,
    path,
    shape: [],
    dtype: "float32",
    byteLength: 4,
    whole: true,
    read: () => Promise.resolve(Float32Array.of(0)),
  });
  const node = (path: string, children: readonly WeightsNode[] = []): WeightsNode => ({
    path,
    label: null,
    variables: children.length === 0 ? [weight(path)] : [],
    children: new Map(children.map((child) => [child.path, child])),
  });
  const model = (...names: string[]) => ({
    class_name: "Sequential",
    config: { layers: names.map((name) => ({ class_name: "Dense", config: { name } })) },
  });
  const stored = (groups: readonly string[], ...names: string[]) => {
    const root = node("", [
      node(
        "_layer_checkpoint_dependencies",
        groups.map((group) => node(group)),
      ),
    ]);
    return layerWeights(model(...names), root).map(
      ({ name, weights }) => `${name}: ${weights.map((each) => each.path).join()}`,
    );
  };

  it("finds each layer's group where Keras 2.13 counted every layer twice", () => {
    assert.deepEqual(stored(["dense", "dense_2", "dense_4"], "a", "b", "c"), [
      "a: dense",
      "b: dense_2",
      "c: dense_4",
    ]);
    assert.deepEqual(stored(["dense", "dense_10", "dense_2"], "a", "b", "c"), [
      "a: dense",
      "b: dense_2",
      "c: dense_10",
    ]);
  });

  it("gives no layer another's group where one is missing", () => {
    assert.deepEqual(stored(["dense", "dense_2"], "a", "b", "c"), ["a: dense", "b: ", "c: dense_2"]);
    assert.deepEqual(stored(["dense", "dense_1"], "a", "b"), ["a: dense", "b: dense_1"]);
  });
});
