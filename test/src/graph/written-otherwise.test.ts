import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { DataType } from "../../../src/formats/proto/tensorflow_pb.js";
import { openGraph } from "../../../src/graph/open-graph.js";
import { constant, function_, graphFile, node } from "./build-graph.js";

const float = { key: "T", value: { value: { case: "type" as const, value: DataType.DT_FLOAT } } };

describe("graph: what TensorFlow's own libraries write otherwise than Keras", () => {
  before(async () => {
    await tf.setBackend("cpu");
  });

  it("calls the function whose name is an op's, as Defun writes it", async () => {
    const double = function_("double_body", [node("twice", "Add", ["x", "x"], [float])], "twice:z:0");
    const outer = function_(
      "outer",
      [node("first", "double_body", ["x"]), node("second", "double_body", ["first:y:0"])],
      "second:y:0",
    );
    const nodes = [
      node("x", "Placeholder"),
      node("named", "double_body", ["x"]),
      node("y", "outer", ["named"]),
    ];
    const graph = await openGraph(graphFile(nodes, [double, outer]));
    assert.deepEqual(graph.unknownOps, []);
    assert.deepEqual([...(graph.predict(tf.tensor1d([1, 2])) as tf.Tensor).dataSync()], [8, 16]);
    graph.dispose();
  });

  it("keeps what float64 keeps apart from 0 and from infinity", async () => {
    const graph = await openGraph(
      graphFile([
        node("x", "Placeholder"),
        constant("tiny", {
          dtype: DataType.DT_DOUBLE,
          tensorShape: { dim: [{ size: 4n }] },
          doubleVal: [1e-307, -1e300, 0, -Infinity],
        }),
        node("y", "AddV2", ["x", "tiny"], [float]),
      ]),
    );
    const [tiny, huge, zero, infinite] = (graph.predict(tf.zeros([4])) as tf.Tensor).dataSync();
    assert.ok(Math.log(tiny!) > -88 && Math.log(tiny!) < -87);
    assert.ok(huge! < -3.4e38 && Number.isFinite(huge));
    assert.deepEqual([zero, infinite], [0, -Infinity]);
    graph.dispose();
  });
});
