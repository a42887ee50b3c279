import assert from "node:assert/strict";
import { planePicture, planesOf } from "../../../src/display/tensor/tensor-planes.js";
import { sliceOf } from "../../../src/display/tensor/tensor-slice.js";

const values = Array.from({ length: 24 }, (_, i) => i);
const of = (index: string, shape = [2, 3, 4]) => sliceOf(values, shape, index);

describe("display: parts of tensors", () => {
  // As NumPy 2 answers `np.arange(24).reshape(2, 3, 4)[...]`.
  for (const [index, shape, picked] of [
    ["0, 1, 2", [], [6]],
    ["-1, -1", [4], [20, 21, 22, 23]],
    [":, 1:, ::3", [2, 2, 2], [4, 7, 8, 11, 16, 19, 20, 23]],
    ["..., 0", [2, 3], [0, 4, 8, 12, 16, 20]],
    ["1, ..., -2:", [3, 2], [14, 15, 18, 19, 22, 23]],
    ["0, ::-1, 0", [3], [8, 4, 0]],
    ["0, 5:, 0", [0], []],
    ["0, 0, 3:0:-2", [2], [3, 1]],
    ["0, 0, -100:100", [4], [0, 1, 2, 3]],
  ] as const)
    it(`[${index}]`, () => {
      const slice = of(index);
      assert.deepEqual([slice.shape, slice.values], [shape, picked]);
    });

  it("takes pairs of complex numbers whole", () => {
    assert.deepEqual(sliceOf(values, [3, 4], "1, 2", 2), { values: [12, 13], shape: [] });
  });

  for (const [index, message] of [
    ["2", /2 is out of range for axis 0, which has 2 elements/],
    ["0, 0, 0, 0", /There are 4 indices, and the tensor has 3 axes/],
    ["..., ..., 0", /can stand once/],
    ["a", /`a` is no index/],
    ["::0", /step/],
    ["1.5", /`1\.5` is no index/],
  ] as const)
    it(`refuses [${index}] in words`, () => {
      assert.throws(() => of(index), message);
    });

  it("knows stacks of pictures, and draws each from its smallest value to its largest", () => {
    assert.deepEqual(planesOf([5, 28, 28, 16], "float32"), { images: 5, channels: 16 });
    assert.deepEqual(planesOf([28, 28], "bool"), { images: 1, channels: 1 });
    for (const shape of [[10], [2, 3], [1, 28, 28, 0], [1, 1, 8, 8, 8]])
      assert.equal(planesOf(shape, "int32"), null);
    assert.equal(planesOf([28, 28], "string"), null);
    const picture = planePicture([...values, NaN, ...values.slice(0, 7)], [4, 4, 2], 0, 1);
    assert.equal(picture.about, "channel 1 of 0 to 1 · black 0, white 23");
    assert.throws(() => planePicture(values, [2, 3, 4], 0, 4), /no channel 4/);
  });
});
