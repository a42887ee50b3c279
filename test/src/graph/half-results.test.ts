import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { DataType } from "../../../src/formats/proto/tensorflow_pb.js";
import { openGraph } from "../../../src/graph/open-graph.js";
import { roundToHalf } from "../../../src/ops/half-precision.js";
import { constant, graphFile, node, type Node } from "./build-graph.js";

const type = (key: string, of: DataType): NonNullable<Node["attr"]>[number] => ({
  key,
  value: { value: { case: "type", value: of } },
});

/** x of float32 as halves through the nodes of the type `T`; the result is `y`. */
async function computed(
  x: readonly number[],
  T: DataType,
  nodes: (T: NonNullable<Node["attr"]>[number]) => Node[],
) {
  const cast = [type("SrcT", DataType.DT_FLOAT), type("DstT", T)];
  const graph = await openGraph(
    graphFile([
      node("x", "Placeholder", [], [type("dtype", DataType.DT_FLOAT)]),
      node("h", "Cast", ["x"], cast),
      ...nodes(type("T", T)),
    ]),
  );
  return Array.from((await graph.execute({ x: tf.tensor1d([...x]) }, ["y"]))[0]!.dataSync());
}

describe("results of 16 bits", () => {
  it("a square beyond 65504 is infinite in half precision, and not in bfloat16", async () => {
    const square = (T: NonNullable<Node["attr"]>[number]): Node[] => [node("y", "Mul", ["h", "h"], [T])];
    assert.deepEqual(await computed([300, -300, 255.875, NaN], DataType.DT_HALF, square), [
      Infinity,
      Infinity,
      65472,
      NaN,
    ]);
    assert.deepEqual(await computed([300], DataType.DT_BFLOAT16, square), [90112]);
  });

  it("each op rounds, so that a small addend is lost and a small square is a subnormal number or 0", async () => {
    const there = (T: NonNullable<Node["attr"]>[number]): Node[] => [
      node("sum", "AddV2", ["h", "many"], [T]),
      constant("many", { dtype: DataType.DT_HALF, tensorShape: { dim: [] }, halfVal: [0x6800] }),
      node("y", "Sub", ["sum", "many"], [T]),
    ];
    // At 2048 the steps are 2, ties to even.
    assert.deepEqual(await computed([0.9375, 1, 3, 1.0625], DataType.DT_HALF, there), [0, 0, 4, 2]);
    const square = (T: NonNullable<Node["attr"]>[number]): Node[] => [node("y", "Square", ["h"], [T])];
    assert.deepEqual(await computed([2 ** -11, 2 ** -12, 2 ** -13], DataType.DT_HALF, square), [
      2 ** -22,
      2 ** -24,
      0,
    ]);
  });

  it("a variable that is added to keeps its type, of 16 bits and of 64", async () => {
    const added = (T: NonNullable<Node["attr"]>[number]): Node[] => [
      node("v", "VariableV2", [], [{ ...T, key: "dtype" }]),
      constant("many", {
        dtype: DataType.DT_HALF,
        tensorShape: { dim: [{ size: 2n }] },
        halfVal: [0x6800],
      }),
      node("set", "Assign", ["v", "many"], [T]),
      node("y", "AssignAdd", ["v", "h", "^set"], [T]),
    ];
    assert.deepEqual(await computed([1, 3], DataType.DT_HALF, added), [2048, 2052]);
    const T = type("T", DataType.DT_INT64);
    const big = constant("big", {
      dtype: DataType.DT_INT64,
      tensorShape: { dim: [] },
      int64Val: [2n ** 40n],
    });
    const counted = await openGraph(
      graphFile([
        node("v", "VariableV2", [], [{ ...T, key: "dtype" }]),
        big,
        node("set", "Assign", ["v", "big"], [T]),
        node("y", "AssignAdd", ["v", "big", "^set"], [T]),
      ]),
    );
    const [y] = await counted.execute({}, ["y"]);
    assert.deepEqual([...y!.dataSync()], [String(2n ** 41n)]);
  });

  it("gradients pass the rounding", () => {
    const gradient = tf.grad((x) => tf.sum(tf.mul(roundToHalf(x, "float16"), 3)));
    assert.deepEqual(Array.from(gradient(tf.tensor1d([1.0003, 1e-6, 3])).dataSync()), [3, 3, 3]);
  });

  it("what is resized is float32, as TensorFlow gives it", async () => {
    const resized = (T: NonNullable<Node["attr"]>[number]): Node[] => [
      constant("shape", {
        dtype: DataType.DT_INT32,
        tensorShape: { dim: [{ size: 4n }] },
        intVal: [1, 1, 2, 1],
      }),
      constant("size", { dtype: DataType.DT_INT32, tensorShape: { dim: [{ size: 2n }] }, intVal: [1, 6] }),
      node("picture", "Reshape", ["h", "shape"], [T]),
      node("y", "ResizeBilinear", ["picture", "size"], [T]),
    ];
    const [, third] = await computed([0, 1], DataType.DT_HALF, resized);
    assert.ok(Math.abs(third! - 1 / 3) < 1e-7, String(third));
  });
});
