import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  AttrEntrySchema,
  AttrValueSchema,
  TensorProtoSchema,
} from "../../../formats/proto/tensorflow_pb.js";
import type { OpAttribute } from "../load-binding.js";
import { bytes } from "./batch-terms.js";
import type { RecordedConstant } from "./recording.js";

/** What attributes and tensors are in a GraphDef (core/framework/attr_value.proto, tensor.proto). */
export type AttrEntry = MessageInitShape<typeof AttrEntrySchema>;
export type AttrValue = MessageInitShape<typeof AttrValueSchema>;
export type Tensor = MessageInitShape<typeof TensorProtoSchema>;

const STRING = 7;

/** A constant with its values. */
export function tensorOf(constant: RecordedConstant): Tensor {
  const parts = bytes(constant);
  const tensor = { dtype: constant.dtype, tensorShape: shapeProto(constant.shape) };
  return constant.dtype === STRING
    ? { ...tensor, stringVal: parts }
    : { ...tensor, tensorContent: parts[0]! };
}

/** An attribute that is a type, by its number. */
export function type(dtype: number): AttrValue {
  return { value: { case: "type", value: dtype } };
}

/** An attribute that is a shape; -1 is open. */
export function shape(dims: readonly number[]): AttrValue {
  return { value: { case: "shape", value: shapeProto(dims) } };
}

export function shapeProto(dims: readonly number[]): { dim: { size: bigint }[] } {
  return { dim: dims.map((size) => ({ size: BigInt(size) })) };
}

/** Numbers of tensorflow/c/tf_attrtype.h. */
const ATTRIBUTE = ["string", "int", "float", "bool", "type", "shape"] as const;

/** @throws RangeError for a kind that the binding has not */
export function attributeValue({ type: kind, value }: OpAttribute): AttrValue {
  const values = (Array.isArray(value) ? value : [value]) as never[];
  const list = Array.isArray(value);
  switch (ATTRIBUTE[kind]) {
    case "string":
      return { value: { case: "s", value: Buffer.from(String(value)) } };
    case "int": {
      const i = values.map((one) => BigInt(one));
      return { value: list ? { case: "list", value: { i } } : { case: "i", value: i[0]! } };
    }
    case "float":
      return { value: list ? { case: "list", value: { f: values } } : { case: "f", value: values[0]! } };
    case "bool":
      return { value: list ? { case: "list", value: { b: values } } : { case: "b", value: Boolean(value) } };
    case "type":
      return type(Number(value));
    case "shape":
      return shape(values);
    default:
      throw new RangeError(`An attribute of the unknown kind ${kind} was given to TensorFlow.`);
  }
}
