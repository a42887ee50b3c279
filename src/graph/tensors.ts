import { create } from "@bufbuild/protobuf";
import * as tf from "@tensorflow/tfjs";
import { dtypeName } from "../formats/proto/data-type.js";
import { readTensorProto } from "../formats/proto/tensor-proto.js";
import {
  DataType,
  TensorProtoSchema,
  TensorShapeProto_DimSchema,
  type TensorProto,
} from "../formats/proto/tensorflow_pb.js";
import type { StoredWeight, WeightArray } from "../formats/model-file.js";
import { encodeText } from "./byte-text.js";
import { ComplexTensor, StringTensor, WideIntegers } from "./value.js";

/** What the back ends have for a type of TensorFlow: every float is float32, every integer int32. */
export function tensorType(type: DataType | null): tf.DataType {
  switch (type) {
    case DataType.DT_BOOL:
      return "bool";
    case DataType.DT_STRING:
      return "string";
    case DataType.DT_COMPLEX64:
    case DataType.DT_COMPLEX128:
      return "complex64";
    case DataType.DT_FLOAT:
    case DataType.DT_DOUBLE:
    case DataType.DT_HALF:
    case DataType.DT_BFLOAT16:
      return "float32";
    case null:
      return "float32";
    default:
      return dtypeName(type) === null ? "float32" : "int32";
  }
}

/** A constant of the graph. */
export function constantFrom(proto: TensorProto): tf.Tensor | StringTensor | WideIntegers | ComplexTensor {
  if (proto.dtype === DataType.DT_COMPLEX64 || proto.dtype === DataType.DT_COMPLEX128)
    return complexFrom(proto);
  const read = readTensorProto(proto);
  if (read.dtype === "string") return new StringTensor(read.shape, read.values);
  return tensorFrom(read.values, read.shape, read.dtype === "bool");
}

/** Real and imaginary parts alternate. Where fewer are listed than there are elements, the last pair stands for the rest. */
function complexFrom(proto: TensorProto): ComplexTensor {
  const double = proto.dtype === DataType.DT_COMPLEX128;
  const listed = double ? proto.dcomplexVal : proto.scomplexVal;
  const dims = proto.tensorShape?.dim ?? [];
  const floats = (dim: typeof dims, values: number[], tensorContent: Uint8Array) =>
    readTensorProto(
      create(TensorProtoSchema, {
        dtype: double ? DataType.DT_DOUBLE : DataType.DT_FLOAT,
        tensorShape: { dim },
        tensorContent,
        ...(double ? { doubleVal: values } : { floatVal: values }),
      }),
    );
  if (proto.tensorContent.length > 0) {
    const read = floats([...dims, create(TensorShapeProto_DimSchema, { size: 2n })], [], proto.tensorContent);
    return alternating(read.values as Float32Array | Float64Array, read.shape.slice(0, -1));
  }
  const part = (offset: 0 | 1): tf.Tensor => {
    const read = floats(
      dims,
      listed.filter((_, i) => i % 2 === offset),
      proto.tensorContent,
    );
    return tensorFrom(read.values as Float32Array | Float64Array, read.shape, false) as tf.Tensor;
  };
  return new ComplexTensor(part(0), part(1));
}

/** @param values real and imaginary part of each element, one after the other */
function alternating(values: Float32Array | Float64Array, shape: readonly number[]): ComplexTensor {
  const part = (offset: 0 | 1): tf.Tensor =>
    tf.tensor(
      Float32Array.from({ length: values.length / 2 }, (_, i) => values[2 * i + offset]!),
      [...shape],
    );
  return new ComplexTensor(part(0), part(1));
}

/** A tensor of the checkpoint. */
export async function storedTensor({
  dtype,
  shape,
  read,
}: Pick<StoredWeight, "dtype" | "shape" | "read">): Promise<ReturnType<typeof tensorFrom> | ComplexTensor> {
  const values = await read();
  if (dtype.startsWith("complex")) return alternating(values as Float32Array | Float64Array, shape);
  return tensorFrom(values, shape, dtype === "bool");
}

/** Stored values as a tensor; strings stay on the host, integers beyond 32 bits are kept apart. */
export function tensorFrom(
  values: WeightArray,
  shape: readonly number[],
  isBool: boolean,
): tf.Tensor | StringTensor | WideIntegers {
  const dims = [...shape];
  if (Array.isArray(values)) return new StringTensor(dims, values.map(encodeText));
  if (isBool) return tf.tensor(values as Uint8Array, dims, "bool");
  if (values instanceof Float32Array) return tf.tensor(values, dims, "float32");
  if (values instanceof Float64Array) return tf.tensor(narrowFloats(values), dims, "float32");
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) return narrow(values, dims);
  if (values instanceof Uint32Array && values.some((value) => value > 0x7fffffff)) {
    return new WideIntegers(dims, Array.from(values, BigInt));
  }
  return tf.tensor(values instanceof Int32Array ? values : Int32Array.from(values), dims, "int32");
}

const LARGEST = 3.4028234663852886e38;
const SMALLEST = 1.1754943508222875e-38;

/**
 * float64 as float32. What is no 0 becomes none, and what is finite stays so: `log(x + 1e-307)` guards a logarithm,
 * `x - 1e300` a softmax.
 */
function narrowFloats(values: Float64Array): Float32Array {
  return Float32Array.from(values, (value) => {
    if (value === 0 || !Number.isFinite(value)) return value;
    return Math.sign(value) * Math.min(Math.max(Math.abs(value), SMALLEST), LARGEST);
  });
}

function narrow(values: BigInt64Array | BigUint64Array, shape: number[]): tf.Tensor | WideIntegers {
  const narrowed = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value > 0x7fffffffn || value < -0x80000000n) return new WideIntegers(shape, [...values]);
    narrowed[i] = Number(value);
  }
  return tf.tensor(narrowed, shape, "int32");
}
