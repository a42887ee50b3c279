import * as tf from "@tensorflow/tfjs";
import { DataType } from "../formats/proto/tensorflow_pb.js";
import { elementTypeName } from "../layers/arguments/element-types.js";
import { graphTensor } from "./graph-op.js";
import type { Values } from "./operation.js";
import { tensor } from "./values.js";

const TYPES: ReadonlyMap<string, DataType> = new Map([
  ["float32", DataType.DT_FLOAT],
  ["int8", DataType.DT_INT8],
  ["int16", DataType.DT_INT16],
  ["int32", DataType.DT_INT32],
  ["uint8", DataType.DT_UINT8],
  ["uint16", DataType.DT_UINT16],
]);

/**
 * The same bits as elements of another type (`tf.bitcast`). `source` is the type that the file says, else that of
 * the tensor.
 */
export function bitcast({ input, type, source }: Values): tf.Tensor {
  const given = tensor(input);
  const [from, to] = [elementTypeName(source) ?? given.dtype, elementTypeName(type) ?? ""];
  const [T, target] = [TYPES.get(from), TYPES.get(to)];
  if (T === undefined || target === undefined) {
    const known = [...TYPES.keys()].join(", ");
    throw new Error(`bits of ${from} as ${to || "no type"}: only ${known} are known here`);
  }
  const x = from === "float32" ? tf.cast(given, "float32") : tf.cast(given, "int32");
  return graphTensor("Bitcast", [x], {
    T: { case: "type", value: T },
    type: { case: "type", value: target },
  });
}
