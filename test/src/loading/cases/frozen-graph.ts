import fs from "node:fs";
import { create, toBinary } from "@bufbuild/protobuf";
import {
  AttrValueSchema,
  DataType,
  GraphDefSchema,
  NodeDefSchema,
} from "../../../../src/formats/proto/tensorflow_pb.js";

/** A frozen graph of one input and one operation. */
export function frozenWithOp(target: string, op: string): string {
  const float = create(AttrValueSchema, { value: { case: "type", value: DataType.DT_FLOAT } });
  const graph = create(GraphDefSchema, {
    node: [
      create(NodeDefSchema, { name: "x", op: "Placeholder", attr: { dtype: float } as never }),
      create(NodeDefSchema, { name: "y", op, input: ["x"], attr: { T: float } as never }),
    ],
  });
  fs.writeFileSync(target, toBinary(GraphDefSchema, graph));
  return target;
}
