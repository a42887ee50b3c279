import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { switchBackend } from "../../../src/runtime/switch.js";

type Make = (dtype: "float32" | "int32" | "bool") => tf.Tensor;

/** Different numbers in each place; booleans of no short period. */
function of(shape: number[]): (dtype: "float32" | "int32" | "bool") => tf.Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return (dtype) => {
    const values = Array.from({ length: size }, (_, i) => (dtype === "bool" ? (i * i) % 7 < 3 : i - 5));
    return tf.tensor(values as number[], shape, dtype);
  };
}

const [matrix, cube, picture, sixfold] = [
  [3, 12],
  [2, 3, 10],
  [2, 4, 6, 3],
  [2, 3, 2, 4, 2, 9],
].map(of) as [Make, Make, Make, Make];

const OPERATIONS: Readonly<Record<string, Make>> = {
  "reverse of inner axes": (dtype) => tf.reverse(picture(dtype), [1, 2]),
  "reverse of the last axis": (dtype) => tf.reverse(matrix(dtype), -1),
  "reverse of everything": (dtype) => tf.reverse(cube(dtype)),
  "tile along the last axis": (dtype) => tf.tile(matrix(dtype), [1, 3]),
  "tile along all axes": (dtype) => tf.tile(cube(dtype), [2, 1, 2]),
  "tile to nothing": (dtype) => tf.tile(matrix(dtype), [0, 2]),
  "transpose of six axes": (dtype) => tf.transpose(sixfold(dtype), [3, 5, 0, 2, 1, 4]),
  "transpose that leaves runs": (dtype) => tf.transpose(sixfold(dtype), [2, 0, 1, 4, 3, 5]),
  "strided slice": (dtype) => tf.stridedSlice(picture(dtype), [1, 0, 1, 0], [2, 4, 6, 3], [1, 2, 3, 2]),
  "strided slice backwards": (dtype) => tf.stridedSlice(cube(dtype), [1, 2, 9], [-3, 0, 0], [-1, -1, -2]),
  "strided slice that drops an axis": (dtype) =>
    tf.stridedSlice(cube(dtype), [0, 1, 0], [2, 2, 10], [1, 1, 4], 0, 0, 0, 0, 2),
  "gather of rows": (dtype) => tf.gather(matrix(dtype), tf.tensor1d([2, 0, 2], "int32")),
  "gather within rows": (dtype) =>
    tf.gather(
      cube(dtype),
      tf.tensor2d(
        [
          [9, 0],
          [4, 4],
        ],
        [2, 2],
        "int32",
      ),
      2,
    ),
  "gather of nothing": (dtype) => tf.gather(matrix(dtype), tf.tensor1d([], "int32"), 1),
  "batches of blocks": (dtype) =>
    tf.spaceToBatchND(
      picture(dtype),
      [2, 3],
      [
        [0, 0],
        [1, 2],
      ],
    ),
  "blocks of batches": (dtype) =>
    tf.batchToSpaceND(
      of([6, 2, 2, 3])(dtype),
      [2, 3],
      [
        [0, 1],
        [1, 0],
      ],
    ),
  "chosen by rows": (dtype) => tf.where(of([3, 1])("bool"), matrix(dtype), tf.zerosLike(matrix(dtype))),
  "equal to each row's": (dtype) => tf.equal(cube(dtype), of([2, 1, 10])(dtype)),
  "less than each column's": (dtype) =>
    tf.less(tf.cast(of([2, 3, 1])(dtype), "int32"), tf.cast(cube(dtype), "int32")),
  "larger of two that both repeat": (dtype) =>
    tf.maximum(tf.cast(of([2, 1, 4])(dtype), "float32"), tf.cast(of([3, 1])(dtype), "float32")),
};

describe("numbers that go to other places, on wasm", () => {
  after(() => switchBackend("cpu"));

  for (const [name, make] of Object.entries(OPERATIONS)) {
    it(`are those of cpu, of each type: ${name}`, async () => {
      for (const dtype of ["float32", "int32", "bool"] as const) {
        const compute = async (backend: string) => {
          await switchBackend(backend);
          const result = make(dtype);
          return { shape: result.shape, dtype: result.dtype, values: [...result.dataSync()].map(Number) };
        };
        assert.deepEqual(await compute("wasm"), await compute("cpu"), dtype);
      }
    });
  }

  it("are not taken from outside a tensor", async () => {
    await switchBackend("wasm");
    assert.throws(
      () => tf.gather(matrix("float32"), tf.tensor1d([0, 3], "int32")),
      /the index value 3 is not in \[0, 2\]/,
    );
  });
});
