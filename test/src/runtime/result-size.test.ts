import assert from "node:assert/strict";
import { resultBytes } from "../../../src/runtime/memory/result-size.js";

const shaped = (...shape: number[]) => ({ dataId: {}, shape, dtype: "float32" as const });

describe("the size of a result before it is made", () => {
  it("is that of a product, with its batches and transposes", () => {
    const [a, b] = [shaped(60000, 10), shaped(60000, 10)];
    assert.equal(resultBytes("BatchMatMul", { a, b }, { transposeB: true }), 4 * 60000 ** 2);
    const batches = { a: shaped(5, 1, 2, 3), b: shaped(7, 3, 4) };
    assert.equal(resultBytes("BatchMatMul", batches, {}), 4 * 5 * 7 * 2 * 4);
  });

  it("is that of what is broadcast, repeated and filled", () => {
    assert.equal(resultBytes("Add", { a: shaped(1000, 1), b: shaped(2000) }, {}), 4 * 2e6);
    assert.equal(resultBytes("Tile", { x: shaped(2, 3) }, { reps: [10, 20] }), 4 * 1200);
    assert.equal(resultBytes("Fill", {}, { shape: [5, 6] }), 120);
    assert.equal(resultBytes("Range", {}, { start: 5, stop: 0, step: -2 }), 12);
    assert.equal(resultBytes("OneHot", { indices: shaped(9) }, { depth: 100 }), 3600);
    assert.equal(resultBytes("Add", { a: shaped(0, 1), b: shaped(2000) }, {}), 0);
    assert.equal(resultBytes("Relu", { x: shaped(2, 3) }, {}), 0);
  });
});
