import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { DataType } from "../../../src/formats/proto/tensorflow_pb.js";
import { GraphError } from "../../../src/graph/graph-error.js";
import { openGraph } from "../../../src/graph/open-graph.js";
import { constant, graphFile, node, type Node } from "./build-graph.js";

/** What an op of `x` gives. */
async function computed(op: Node, given: readonly number[], others: readonly Node[] = []): Promise<number[]> {
  const graph = await openGraph(graphFile([node("x", "Placeholder"), ...others, op]));
  return Array.from((await graph.execute({ x: tf.tensor1d([...given]) }, ["y"]))[0]!.dataSync());
}

describe("graph: numbers at the edge of float32", () => {
  it("adds exponentials that it could not hold (numbers of TensorFlow 2.21)", async () => {
    const axis = constant("axis", { dtype: DataType.DT_INT32, tensorShape: { dim: [] }, intVal: [0] });
    const op = node("y", "CumulativeLogsumexp", ["x", "axis"]);
    assert.deepEqual(await computed(op, [100, 200, 300], [axis]), [100, 200, 300]);
    assert.deepEqual(await computed(op, [-Infinity, -Infinity, 1], [axis]), [-Infinity, -Infinity, 1]);
  });

  it("stops where tf.debugging.check_numerics would", async () => {
    const message = { value: { case: "s", value: Buffer.from("after the loss") } } as const;
    const op = node("y", "CheckNumerics", ["x"], [{ key: "message", value: message }]);
    assert.deepEqual(await computed(op, [1, 2]), [1, 2]);
    await assert.rejects(computed(op, [1, NaN, Infinity]), (error: unknown) => {
      assert.ok(error instanceof GraphError);
      assert.match(
        error.message,
        /^y: CheckNumerics: after the loss: the tensor has Inf and NaN\. The model stops/,
      );
      return true;
    });
  });
});
