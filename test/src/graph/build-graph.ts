import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { graphAlone, type GraphFile } from "../../../src/formats/graph-contents.js";
import {
  DataType,
  GraphDefSchema,
  type FunctionDefSchema,
  type NodeDefSchema,
  type TensorProtoSchema,
} from "../../../src/formats/proto/tensorflow_pb.js";

export type Node = MessageInitShape<typeof NodeDefSchema>;
export type Function_ = MessageInitShape<typeof FunctionDefSchema>;

/** A graph that is written in a test, as a file would give it. */
export function graphFile(nodes: readonly Node[], functions: readonly Function_[] = []): GraphFile {
  const graph = create(GraphDefSchema, { node: [...nodes], library: { function: [...functions] } });
  return {
    path: "test.pb",
    format: "frozen-graph",
    size: 0,
    kerasVersion: null,
    backend: null,
    config: null,
    trainingConfig: null,
    layers: [],
    optimizerWeights: [],
    findings: [],
    close: () => undefined,
    contents: graphAlone(graph),
  };
}

export function node(name: string, op: string, input: readonly string[] = [], attr: Node["attr"] = []): Node {
  return { name, op, input: [...input], attr };
}

export function constant(name: string, tensor: MessageInitShape<typeof TensorProtoSchema>): Node {
  return node(name, "Const", [], [{ key: "value", value: { value: { case: "tensor", value: tensor } } }]);
}

export function scalar(name: string, value: number): Node {
  return constant(name, { dtype: DataType.DT_FLOAT, tensorShape: { dim: [] }, floatVal: [value] });
}

export function ints(name: string, values: readonly number[]): Node {
  return constant(name, {
    dtype: DataType.DT_INT32,
    tensorShape: { dim: [{ size: BigInt(values.length) }] },
    intVal: [...values],
  });
}

export function calls(name: string, callee: string, input: readonly string[]): Node {
  return node(name, "PartitionedCall", input, [functionAttribute("f", callee)]);
}

export function functionAttribute(key: string, name: string): NonNullable<Node["attr"]>[number] {
  return { key, value: { value: { case: "func", value: { name } } } };
}

/** A function of one float argument `x` and one result `y`. */
export function function_(name: string, nodes: readonly Node[], result: string): Function_ {
  return {
    signature: {
      name,
      inputArg: [{ name: "x", type: DataType.DT_FLOAT }],
      outputArg: [{ name: "y", type: DataType.DT_FLOAT }],
    },
    nodeDef: [...nodes],
    ret: [{ key: "y", value: result }],
  };
}
