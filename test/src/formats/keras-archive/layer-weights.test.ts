import assert from "node:assert/strict";
import { layerWeights } from "../../../../src/formats/keras-archive/layer-weights.js";
import type { WeightsNode } from "../../../../src/formats/keras-archive/weights-tree.js";
import type { JsonValue, StoredWeight } from "../../../../src/formats/model-file.js";

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

  it("gives a layer that several models have the weights that stand with the first, in a whole file alone", () => {
    const dense = (name: string, units: number) => ({ class_name: "Dense", config: { name, units } });
    const nested = (name: string, ...layers: JsonValue[]): JsonValue => ({
      class_name: "Functional",
      config: { name, layers },
    });
    const config = nested("m", nested("inner", dense("shared", 4)), dense("shared", 4), dense("shared", 3));
    const root = node("", [node("layers", [node("functional", [node("layers", [node("dense")])])])]);
    const told = (isWhole: boolean) =>
      layerWeights(config, root, isWhole).map(({ name, weights, sharedWith }) => [
        name,
        weights.map(({ path }) => path).join(),
        sharedWith,
      ]);
    assert.deepEqual(told(true), [
      ["inner", "dense", undefined],
      ["shared", "dense", "inner/shared"],
      ["shared", "", undefined],
    ]);
    assert.deepEqual(told(false)[1], ["shared", "", undefined]);
  });
});
