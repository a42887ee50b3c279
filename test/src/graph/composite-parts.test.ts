import assert from "node:assert/strict";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import * as tf from "@tensorflow/tfjs";
import {
  DataType,
  SavedObjectGraphSchema,
  type StructuredValueSchema,
} from "../../../src/formats/proto/tensorflow_pb.js";
import type { GraphFile } from "../../../src/formats/graph-contents.js";
import { openGraph } from "../../../src/graph/open-graph.js";
import { graphFile, node } from "./build-graph.js";

type Value = MessageInitShape<typeof StructuredValueSchema>;

const tuple = (...values: Value[]): Value => ({ kind: { case: "tupleValue", value: { values } } });
const type = (value: DataType): Value => ({ kind: { case: "tensorDtypeValue", value } });
const shape = (...sizes: number[]): Value => ({
  kind: { case: "tensorShapeValue", value: { dim: sizes.map((size) => ({ size: BigInt(size) })) } },
});
const rank: Value = { kind: { case: "int64Value", value: 1n } };
const spec = (typeSpecClass: number, typeState: Value): Value => ({
  kind: { case: "typeSpecValue", value: { typeSpecClass, typeState } },
});
const dict = (key: string, value: Value): Value => ({
  kind: { case: "dictValue", value: { fields: [{ key, value }] } },
});

describe("graph: sparse and ragged tensors of a module's functions", () => {
  before(async () => {
    await tf.setBackend("cpu");
  });

  it("are taken and given as the tensors that they consist of", async () => {
    const ragged = spec(3, tuple(shape(-1, -1), type(DataType.DT_FLOAT), rank, type(DataType.DT_INT64)));
    const sparse = spec(1, tuple(shape(-1, 4), type(DataType.DT_FLOAT)));
    const file = graphFile(
      [],
      [
        {
          signature: {
            name: "doubled",
            inputArg: ["r", "r_1", "s", "s_1", "s_2"].map((name) => ({ name })),
            outputArg: ["v", "rows", "i"].map((name) => ({ name })),
          },
          nodeDef: [
            node(
              "twice",
              "AddV2",
              ["r", "s_1"],
              [{ key: "T", value: { value: { case: "type", value: DataType.DT_FLOAT } } }],
            ),
          ],
          ret: [
            { key: "v", value: "twice:z:0" },
            { key: "rows", value: "r_1" },
            { key: "i", value: "s_2" },
          ],
        },
      ],
    );
    const objects = create(SavedObjectGraphSchema, {
      nodes: [
        { children: [{ nodeId: 1, localName: "doubled" }], kind: { case: "userObject", value: {} } },
        { kind: { case: "function", value: { concreteFunctions: ["doubled"] } } },
      ],
      concreteFunctions: [
        {
          key: "doubled",
          value: {
            canonicalizedInputSignature: tuple(tuple(ragged), dict("where", sparse)),
            outputSignature: tuple(ragged, {
              kind: {
                case: "tensorSpecValue",
                value: { shape: { dim: [{ size: 2n }] }, dtype: DataType.DT_INT64 },
              },
            }),
          },
        },
      ],
    });
    const saved: GraphFile = { ...file, contents: { ...file.contents, objects } };
    const graph = await openGraph(saved);
    const { doubled } = graph.functions;
    assert.deepEqual(
      doubled!.inputs.map(({ name, dtype, shape: sizes }) => [name, dtype, sizes]),
      [
        ["input_0.values", "float32", [null]],
        ["input_0.row_splits", "int64", [null]],
        ["where.indices", "int64", [null, 2]],
        ["where.values", "float32", [null]],
        ["where.dense_shape", "int64", [2]],
      ],
    );
    const splits = tf.tensor1d([0, 1, 3], "int32");
    const made = doubled!({
      "input_0.values": tf.tensor1d([1, 2, 3]),
      "input_0.row_splits": splits,
      "where.indices": tf.tensor2d([0, 0, 0, 1, 0, 2], [3, 2], "int32"),
      "where.values": tf.tensor1d([10, 20, 30]),
      "where.dense_shape": tf.tensor1d([2, 4], "int32"),
    });
    assert.deepEqual([...made["output_0.values"]!.dataSync()], [11, 22, 33]);
    assert.deepEqual([...made["output_0.row_splits"]!.dataSync()], [0, 1, 3]);
    assert.deepEqual([...made["output_2"]!.dataSync()], [2, 4]);
    graph.dispose();
  });
});
