import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { startFloor } from "../../../src/runtime/cpu.js";

/** Shapes of two operands: neither, one and both are repeated, at the front, in the middle and at the end. */
const SHAPES: readonly (readonly [number[], number[]])[] = [
  [
    [2, 3, 4],
    [2, 3, 4],
  ],
  [[2, 3, 4], []],
  [[2, 3, 4], [4]],
  [
    [2, 3, 4],
    [1, 1, 4],
  ],
  [
    [2, 3, 4],
    [2, 1, 4],
  ],
  [
    [2, 3, 4],
    [2, 3, 1],
  ],
  [
    [2, 3, 4],
    [2, 1, 1],
  ],
  [
    [1, 3, 1],
    [2, 3, 4],
  ],
  [[3, 1], [4]],
  [
    [5, 1, 2, 1],
    [1, 3, 1, 2],
  ],
  [
    [1, 1],
    [1, 1, 1, 1],
  ],
  [
    [0, 3],
    [1, 3],
  ],
];
const OPERATIONS: Readonly<Record<string, readonly [(a: number, b: number) => number, boolean]>> = {
  add: [(a, b) => a + b, true],
  sub: [(a, b) => a - b, true],
  mul: [(a, b) => a * b, true],
  maximum: [Math.max, true],
  squaredDifference: [(a, b) => (a - b) ** 2, true],
  less: [(a, b) => Number(a < b), false],
  div: [(a, b) => Math.fround(a / b), false],
};

describe("operands that are repeated on cpu", () => {
  before(() => tf.setBackend("cpu"));
  before(startFloor);

  for (const [name, [expected, ofIntegers]] of Object.entries(OPERATIONS))
    it(name, () => {
      for (const dtype of ofIntegers ? (["float32", "int32"] as const) : (["float32"] as const))
        for (const [a, b] of SHAPES) {
          const [x, y] = [counted(a, 1, dtype), counted(b, 11, dtype)];
          const run = (tf as unknown as Record<string, typeof tf.add>)[name]!;
          const result = run(x, y);
          const shape = tf.broadcast_util.assertAndGetBroadcastShape(a, b);
          assert.deepEqual(result.shape, shape);
          const places = tf.util.sizeFromShape(shape);
          const wanted = Array.from({ length: places }, (_, i) => expected(at(x, shape, i), at(y, shape, i)));
          assert.deepEqual([...result.dataSync()], wanted, `${name} of ${a} and ${b}, ${dtype}`);
        }
    });

  it("frees what it writes out", () => {
    const [x, y] = [counted([2, 3, 4], 1, "float32"), counted([2, 3, 1], 1, "float32")];
    const before = tf.backend().numDataIds();
    tf.add(x, y).dispose();
    assert.equal(tf.backend().numDataIds(), before);
  });
});

function counted(shape: number[], from: number, dtype: "float32" | "int32"): tf.Tensor {
  const values = Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => from + i);
  return tf.tensor(values, shape, dtype);
}

/** The number of `x` that stands at a place of the result. */
function at(x: tf.Tensor, shape: number[], place: number): number {
  const index = tf.util.indexToLoc(place, shape.length, tf.util.computeStrides(shape));
  const own = x.shape.map((length, axis) => (length === 1 ? 0 : index[axis + shape.length - x.rank]!));
  return x.dataSync()[tf.util.locToIndex(own, x.rank, tf.util.computeStrides(x.shape))]!;
}
