import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { DataType } from "../../../src/formats/proto/tensorflow_pb.js";
import { openGraph } from "../../../src/graph/open-graph.js";
import { constant, graphFile, ints, node } from "./build-graph.js";

/** The greatest of two segments, the first of them without rows. */
async function greatest(T: DataType): Promise<number[]> {
  const graph = await openGraph(
    graphFile([
      node("x", "Placeholder"),
      ints("places", [1, 1]),
      constant("count", { dtype: DataType.DT_INT32, tensorShape: { dim: [] }, intVal: [2] }),
      node(
        "y",
        "UnsortedSegmentMax",
        ["x", "places", "count"],
        [{ key: "T", value: { value: { case: "type", value: T } } }],
      ),
    ]),
  );
  return Array.from((await graph.execute({ x: tf.tensor1d([-3, 2]) }, ["y"]))[0]!.dataSync());
}

describe("a segment without rows", () => {
  it("holds the bound of its type, or what float32 has for it", async () => {
    assert.deepEqual(await greatest(DataType.DT_FLOAT), [-3.4028234663852886e38, 2]);
    assert.deepEqual(await greatest(DataType.DT_HALF), [-65504, 2]);
    // -1.8e308, as every other float64 beyond float32.
    assert.deepEqual(await greatest(DataType.DT_DOUBLE), [-Infinity, 2]);
  });
});
