import assert from "node:assert/strict";
import { inflateSync } from "node:zlib";
import { pictureOf } from "../../../src/display/tensor/tensor-picture.js";
import { pngOf } from "../../../src/display/tensor/png.js";

describe("pictures of tensors", () => {
  const ramp = (size: number, top: number) =>
    Float32Array.from({ length: size }, (_, i) => ((i % 256) / 256) * top);

  it("writes a PNG whose rows are the pixels", () => {
    const pixels = Uint8Array.from([255, 0, 0, 0, 255, 0]);
    const png = pngOf({ width: 1, height: 2, channels: 3, pixels });
    assert.equal(png.subarray(1, 4).toString(), "PNG");
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20), png[24], png[25]], [1, 2, 8, 2]);
    const length = png.readUInt32BE(33);
    const rows = inflateSync(png.subarray(41, 41 + length));
    assert.deepEqual([...rows], [0, 255, 0, 0, 0, 0, 255, 0]);
  });

  for (const [name, shape, top, dtype] of [
    ["grey", [28, 28, 1], 1, "float32"],
    ["colour", [64, 48, 3], 255, "float32"],
    ["with alpha", [8, 8, 4], 1, "float32"],
    ["a batch", [20, 28, 28, 1], 1, "float32"],
    ["a matrix", [28, 28], 1, "float32"],
  ] as const)
    it(`is one: ${name}`, () => {
      const size = shape.reduce<number>((product, side) => product * side, 1);
      const picture = pictureOf(ramp(size, top), shape, dtype)!;
      assert.equal(picture.pixels.length, picture.width * picture.height * picture.channels);
      assert.ok(Math.max(picture.width, picture.height) >= 64);
      assert.ok(picture.pixels.some((value) => value > 200));
    });

  for (const [name, values, shape] of [
    ["negative values", ramp(64, 1).map((v) => v - 0.5), [8, 8, 1]],
    ["values above 255", ramp(512, 300), [8, 64, 1]],
    ["nothing but zeros", ramp(64, 0), [8, 8, 1]],
    ["two channels", ramp(128, 1), [8, 8, 2]],
    ["too small", ramp(16, 1), [4, 4, 1]],
    ["a long thin matrix", ramp(1600, 1), [16, 100]],
    ["a vector", ramp(256, 1), [256]],
    ["not a number", Float32Array.from({ length: 64 }, () => NaN), [8, 8, 1]],
    ["an empty batch", ramp(0, 1), [0, 28, 28, 1]],
  ] as const)
    it(`is none: ${name}`, () => assert.equal(pictureOf(values, shape, "float32"), null));
});
